"""How values look as text: what ``<%= %>`` writes, and what ``inspect`` shows."""

from __future__ import annotations

import math
import re
import unicodedata
from decimal import Decimal

from .limits import Meter
from .values import Failure, Hash, Module, Moment, Range, Regexp, Symbol, Value, class_name

_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\n": "\\n",
    "\t": "\\t",
    "\r": "\\r",
    "\x1b": "\\e",
    "\a": "\\a",
    "\b": "\\b",
    "\v": "\\v",
    "\f": "\\f",
}
_SPECIAL = re.compile(r'["\\]|[^ -~]|#(?=[{$@])')
_PLAIN_SYMBOL = re.compile(
    r"(?:[@$]?[^\W\d]\w*[?!]?|[^\W\d]\w*=|\[\]=?|[+\-*/%<>!~|^&]|[+-]@|\*\*|===?|<=>"
    r"|[=!]~|!=|[<>]=|<<|>>)\Z"
)
_LEAST_EXPONENT, _MOST_EXPONENT = -4, 15


def to_s(value: Value, meter: Meter) -> str:
    """Ruby's ``to_s``."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, (Symbol, Module)):
        return value.name
    if isinstance(value, Failure):
        return value.message
    if isinstance(value, Range):
        dots = "..." if value.exclusive else ".."
        return f"{to_s(value.first, meter)}{dots}{to_s(value.last, meter)}"
    return _to_s_of_others(value, meter)


def _to_s_of_others(value: Value, meter: Meter) -> str:
    text = getattr(value, "text", None) if class_name(value) == "URI::Generic" else None
    if isinstance(text, str):
        return text
    if isinstance(value, Moment):
        return value.time.strftime("%Y-%m-%d %H:%M:%S ") + zone(value)
    if isinstance(value, Regexp):
        shown = "".join(flag for flag in "mix" if flag in value.flags)
        hidden = "".join(flag for flag in "mix" if flag not in value.flags)
        return f"(?{shown}{'-' + hidden if hidden else ''}:{value.source})"
    return inspect(value, meter)


def inspect(value: Value, meter: Meter) -> str:
    """Ruby's ``inspect``."""
    meter.spend()
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Symbol):
        return f":{value.name}" if _PLAIN_SYMBOL.match(value.name) else f":{_quoted(value.name)}"
    if value is None or isinstance(value, bool):
        return {None: "nil", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return float_to_s(value)
    if isinstance(value, list):
        return _array(value, meter)
    if isinstance(value, Hash):
        return _hash(value, meter)
    return _inspect_of_others(value, meter)


def _inspect_of_others(value: Value, meter: Meter) -> str:
    if isinstance(value, Range):
        first = "" if value.first is None else inspect(value.first, meter)
        last = "" if value.last is None else inspect(value.last, meter)
        return f"{first}{'...' if value.exclusive else '..'}{last}"
    if isinstance(value, Regexp):
        return f"/{value.source}/{''.join(flag for flag in 'mix' if flag in value.flags)}"
    if isinstance(value, Failure):
        return f"#<{value.kind}: {value.message}>"
    if isinstance(value, (Module, Moment)):
        return to_s(value, meter)
    return f"#<{class_name(value)}>"


def _array(value: list[Value], meter: Meter) -> str:
    meter.deeper()
    parts = [inspect(item, meter) for item in value]
    meter.shallower()
    return _bracketed("[", parts, "]", meter)


def _bracketed(opening: str, parts: list[str], closing: str, meter: Meter) -> str:
    meter.room(sum(map(len, parts)) + 2 * len(parts))
    return opening + ", ".join(parts) + closing


def _hash(value: Hash, meter: Meter) -> str:
    meter.deeper()
    parts = [f"{inspect(key, meter)}=>{inspect(item, meter)}" for key, item in value.pairs()]
    meter.shallower()
    return _bracketed("{", parts, "}", meter)


def _quoted(text: str) -> str:
    return f'"{_SPECIAL.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    if character in _ESCAPES or character == "#":
        return _ESCAPES.get(character, "\\#")
    if unicodedata.category(character) not in ("Cc", "Cn", "Co", "Cs"):
        return character
    code = ord(character)
    return f"\\u{code:04X}" if code < 0x10000 else f"\\u{{{code:X}}}"


def float_to_s(value: float) -> str:
    """A float as Ruby prints it: ``1.0``, ``1.0e+20``, ``Infinity``."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    text = "".join(map(str, digits))
    point = len(text) + int(exponent) if value else 1
    minus = "-" if sign else ""
    if not _LEAST_EXPONENT < point <= _MOST_EXPONENT:
        return f"{minus}{text[0]}.{text[1:] or '0'}e{'+' if point > 0 else '-'}{abs(point - 1):02d}"
    if point <= 0:
        return f"{minus}0.{'0' * -point}{text}"
    whole = text[:point].ljust(point, "0")
    return f"{minus}{whole}.{text[point:] or '0'}"


def zone(value: Moment) -> str:
    """The time zone as Ruby prints it: ``UTC`` or ``+0200``."""
    return "UTC" if value.time.tzname() == "UTC" else value.time.strftime("%z")
