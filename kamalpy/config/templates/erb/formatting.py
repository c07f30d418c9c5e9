"""Values as text: ``to_s``, ``inspect``, ``to_json``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import SplitResult

from kamalpy.config.templates.limits import Meter
from kamalpy.config.templates.template_errors import UnsupportedError

from .values import Module, Symbol, Value, describe

_ESCAPES = {'"': '\\"', "\\": "\\\\", "#": "\\#"} | {
    chr(code): f"\\{letter}"
    for code, letter in zip((10, 9, 13, 27, 7, 8, 11, 12), "ntreabvf", strict=True)
}
_SPECIAL = re.compile(r'["\\\x00-\x1f\x7f-\x9f]|#(?=[{$@])')
_PLAIN_SYMBOL = re.compile(r"[^\W\d]\w*[?!=]?\Z")
_JSON_ESCAPES = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


def to_s(value: Value, meter: Meter) -> str:
    """Return Ruby's ``to_s``."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, (Symbol, Module)):
        return value.name
    if isinstance(value, SplitResult):
        return value.geturl()
    if isinstance(value, datetime):
        zone = "UTC" if value.tzname() == "UTC" else value.strftime("%z")
        return f"{value:%Y-%m-%d %H:%M:%S} {zone}"
    return inspect(value, meter)


def inspect(value: Value, meter: Meter) -> str:
    """Return Ruby's ``inspect``."""
    meter.spend()
    if value is None or isinstance(value, bool):
        return describe(value)
    if isinstance(value, (Module, datetime)):
        return to_s(value, meter)
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, Symbol):
        return f":{value.name if _PLAIN_SYMBOL.match(value.name) else _quoted(value.name)}"
    if isinstance(value, list):
        return _nested("[]", ", ", (inspect(item, meter) for item in value), meter)
    if isinstance(value, dict):
        pairs = (f"{inspect(key, meter)}=>{inspect(item, meter)}" for key, item in value.items())
        return _nested("{}", ", ", pairs, meter)
    raise UnsupportedError(f"{describe(value)} as text")


def _nested(brackets: str, separator: str, parts: Iterable[str], meter: Meter) -> str:
    meter.enter()
    done = list(parts)
    meter.leave()
    meter.allocate(sum(map(len, done)) + 2 * len(done))
    return brackets[0] + separator.join(done) + brackets[1]


def _quoted(text: str) -> str:
    def escape(found: re.Match[str]) -> str:
        return _ESCAPES.get(found[0]) or f"\\u{ord(found[0]):04X}"

    return f'"{_SPECIAL.sub(escape, text)}"'


def to_json(value: Value, meter: Meter) -> str:
    """Return JSON, as ActiveSupport's ``to_json`` writes it."""
    meter.spend()
    if isinstance(value, list):
        return _nested("[]", ",", (to_json(item, meter) for item in value), meter)
    if isinstance(value, dict):
        pairs = (
            f"{to_json(to_s(key, meter), meter)}:{to_json(item, meter)}"
            for key, item in value.items()
        )
        return _nested("{}", ",", pairs, meter)
    plain = value if isinstance(value, (int, float, type(None))) else to_s(value, meter)
    return json.dumps(plain, ensure_ascii=False).translate(_JSON_ESCAPES)
