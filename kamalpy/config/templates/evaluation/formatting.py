"""Values as text: ``to_s``, ``inspect``, ``to_json``, ``format``."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import datetime
from urllib.parse import SplitResult

from kamalpy.config.templates.limits import Meter
from kamalpy.config.templates.template_errors import RubyError, UnsupportedError

from .values import Module, Range, Regexp, RubyException, Symbol, Value, describe, to_int

_ESCAPES = {'"': '\\"', "\\": "\\\\", "#": "\\#"} | {
    chr(code): f"\\{letter}"
    for code, letter in zip((10, 9, 13, 27, 7, 8, 11, 12), "ntreabvf", strict=True)
}
_SPECIAL = re.compile(r'["\\]|[^ -~]|#(?=[{$@])')
_PLAIN_SYMBOL = re.compile(r"[@$]?[^\W\d]\w*[?!=]?\Z|\[\]=?\Z|[+\-*/%<>!]\Z|===?\Z|<=>\Z|<<\Z")
_DIRECTIVE = re.compile(
    r"%(?P<flags>[-0]*)(?:<(?P<key>\w+)>)?(?P<width>\d{0,4})(?P<kind>[sdx%])"
    r"|%\{(?P<name>\w+)\}|%"
)
_JSON_ESCAPES = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


def to_s(value: Value, meter: Meter) -> str:
    """Return Ruby's ``to_s``."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, (Symbol, Module)):
        return value.name
    if isinstance(value, RubyException):
        return value.message
    if isinstance(value, Range):
        return _range(value, to_s, meter)
    if isinstance(value, SplitResult):
        return value.geturl()
    if isinstance(value, datetime):
        zone = value.strftime("%z")
        return value.strftime("%Y-%m-%d %H:%M:%S ") + ("UTC" if value.tzname() == "UTC" else zone)
    return inspect(value, meter)


def inspect(value: Value, meter: Meter) -> str:
    """Return Ruby's ``inspect``."""
    meter.spend()
    if value is None or isinstance(value, bool):
        return {None: "nil", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, Symbol):
        return f":{value.name if _PLAIN_SYMBOL.match(value.name) else _quoted(value.name)}"
    if isinstance(value, list):
        return _nested("[", (inspect(item, meter) for item in value), "]", meter)
    if isinstance(value, dict):
        pairs = (f"{inspect(key, meter)}=>{inspect(item, meter)}" for key, item in value.items())
        return _nested("{", pairs, "}", meter)
    if isinstance(value, Range):
        return _range(value, inspect, meter)
    if isinstance(value, Regexp):
        return f"/{value.source}/{value.flags}"
    if isinstance(value, (Module, datetime)):
        return to_s(value, meter)
    raise UnsupportedError(f"{describe(value)} as text")


def _range(value: Range, shown: Callable[[Value, Meter], str], meter: Meter) -> str:
    first, last = ("" if end is None else shown(end, meter) for end in (value.first, value.last))
    return f"{first}{'...' if value.exclusive else '..'}{last}"


def _nested(opening: str, parts: Iterable[str], closing: str, meter: Meter, sep: str = ", ") -> str:
    meter.enter()
    done = list(parts)
    meter.leave()
    meter.allocate(sum(map(len, done)) + 2 * len(done))
    return opening + sep.join(done) + closing


def _quoted(text: str) -> str:
    return f'"{_SPECIAL.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    if character in _ESCAPES:
        return _ESCAPES[character]
    if unicodedata.category(character) not in ("Cc", "Cn", "Co", "Cs"):
        return character
    code = ord(character)
    return f"\\u{code:04X}" if code < 0x10000 else f"\\u{{{code:X}}}"


def to_json(value: Value, meter: Meter) -> str:
    """Return JSON, as ActiveSupport's ``to_json`` writes it."""
    meter.spend()
    if isinstance(value, list):
        return _nested("[", (to_json(item, meter) for item in value), "]", meter, ",")
    if isinstance(value, dict):
        pairs = (
            f"{to_json(to_s(key, meter), meter)}:{to_json(item, meter)}"
            for key, item in value.items()
        )
        return _nested("{", pairs, "}", meter, ",")
    plain = value if isinstance(value, (int, float, type(None))) else to_s(value, meter)
    return json.dumps(plain, ensure_ascii=False).translate(_JSON_ESCAPES)


def format_string(text: str, values: Value, meter: Meter) -> str:
    """Return Ruby's ``format``, with ``%s``, ``%d``, ``%x``, ``%05d``, ``%-10s``, ``%{name}``."""
    given = values if isinstance(values, list) else [values]
    rest = iter(given)

    def replace(found: re.Match[str]) -> str:
        kind, name = found["kind"], found["key"] or found["name"]
        if kind == "%":
            return "%"
        if kind is None and name is None:
            raise UnsupportedError("this % in a format", "{{ '%05.1f' | format(value) }}")
        value = _named(given[0], name) if name else next(rest, given)
        if value is given:
            raise RubyError("ArgumentError", "the format asks for more values than are given")
        shown = to_s(value, meter) if kind in ("s", None) else _number(value, kind)
        width = int(found["width"] or 0)
        meter.allocate(len(shown) + width)
        if "-" in (found["flags"] or ""):
            return shown.ljust(width)
        zeros = "0" in (found["flags"] or "") and kind != "s"
        return shown.zfill(width) if zeros else shown.rjust(width)

    return _DIRECTIVE.sub(replace, text)


def _named(values: Value, name: str) -> Value:
    if not isinstance(values, dict) or Symbol(name) not in values:
        raise RubyError("KeyError", f"the format names {name}, which is not given")
    return values[Symbol(name)]


def _number(value: Value, kind: str) -> str:
    text = isinstance(value, str) and re.fullmatch(r"\s*[+-]?\d{1,1000}\s*", value, re.ASCII)
    number = to_int(int(str(value)) if text else value)
    if number < 0 and kind == "x":
        raise UnsupportedError("a negative number in this format")
    return format(number, kind)
