"""``format``, ``%`` and ``strftime``."""

from __future__ import annotations

import math
import re
from datetime import datetime

from kamalpy.config.templates.looks import float_to_s, inspect
from kamalpy.config.templates.trouble import Beyond, RubyError
from kamalpy.config.templates.values import Hash, Symbol, Value, key_of

from .methods import Call, wrong_kind

_DIRECTIVE = re.compile(
    r"%(?P<flags>[-+ 0#]*)(?:<(?P<key>\w+)>)?(?P<more>[-+ 0#]*)(?P<width>\d+)?"
    r"(?:\.(?P<digits>\d+))?"
    r"(?P<kind>[sdiufFeEgGxXobcp%])|%\{(?P<name>\w+)\}|%"
)
_TIME_DIRECTIVE = re.compile(r"%(-|0|\^)?([a-zA-Z%])")
_TIME_LETTERS = "aAbBdHIjmMpSUwWyYZz%"
_TIME_SHORT = {"F": "%Y-%m-%d", "T": "%H:%M:%S", "D": "%m/%d/%y", "R": "%H:%M", "X": "%H:%M:%S"}
_MAX_WIDTH = 10_000


def format_string(text: str, values: Value, call: Call) -> str:
    """Ruby's ``format``: ``%05d``, ``%-10s``, ``%{name}``, ``%<name>s``."""
    return call.sized(_Formatter(values, call).run(text))


class _Formatter:
    def __init__(self, values: Value, call: Call) -> None:
        self._call = call
        self._named = values if isinstance(values, Hash) else None
        self._values = list(values) if isinstance(values, list) else [values]
        self._next = 0
        self._size = 0

    def run(self, text: str) -> str:
        return _DIRECTIVE.sub(self._directive, text)

    def _directive(self, found: re.Match[str]) -> str:
        part = self._part(found)
        self._size += len(part)
        self._call.meter.room(self._size)
        return part

    def _part(self, found: re.Match[str]) -> str:
        if found["name"]:
            return self._call.text(self._lookup(found["name"]))
        if found["kind"] == "%":
            return "%"
        if not found["kind"]:
            raise RubyError("ArgumentError", "a % in the format is incomplete", "write %% for %")
        value = self._lookup(found["key"]) if found["key"] else self._following()
        width, digits = int((found["width"] or "0")[:9]), found["digits"]
        precision = int(digits[:9]) if digits is not None else None
        if width > _MAX_WIDTH or (precision or 0) > _MAX_WIDTH:
            raise Beyond("a format of that width")
        flags = found["flags"] + found["more"]
        return _padded(self._shown(found["kind"], value, flags, precision), flags, width)

    def _lookup(self, name: str) -> Value:
        key = key_of(Symbol(name), self._call.meter)
        if self._named is None or key not in self._named.entries:
            raise RubyError("KeyError", f"the format names {name}, which is not given")
        return self._named.get(key)

    def _following(self) -> Value:
        if self._next >= len(self._values):
            raise RubyError("ArgumentError", "the format asks for more values than are given")
        self._next += 1
        return self._values[self._next - 1]

    def _shown(self, kind: str, value: Value, flags: str, precision: int | None) -> str:
        if kind in "sp":
            text = self._call.text(value) if kind == "s" else inspect(value, self._call.meter)
            return text if precision is None else text[:precision]
        if kind == "c":
            raise Beyond("%c in a format")
        if kind in "fFeEgG":
            return _signed(_real(value, kind, 6 if precision is None else precision), flags)
        number = _whole(value)
        digits = format(abs(number), {"x": "x", "X": "X", "o": "o", "b": "b"}.get(kind, "d"))
        if number < 0 and kind in "xXob":
            raise Beyond("a negative number in this format")
        prefix = {"x": "0x", "X": "0X", "o": "0", "b": "0b"}.get(kind, "") if "#" in flags else ""
        digits = prefix + digits.rjust(precision or 0, "0")
        return _signed(f"-{digits}" if number < 0 else digits, flags)


def _signed(text: str, flags: str) -> str:
    if text.startswith("-"):
        return text
    return "+" + text if "+" in flags else " " + text if " " in flags else text


def _padded(text: str, flags: str, width: int) -> str:
    if "-" in flags:
        return text.ljust(width)
    numeric = text.lstrip("+- ")[:1].isdecimal()
    return text.zfill(width) if "0" in flags and numeric else text.rjust(width)


def _real(value: Value, kind: str, precision: int) -> str:
    number = _number(value)
    if not math.isfinite(number):
        return float_to_s(number)[: 4 if number < 0 else 3]
    return format(number, f".{precision}{kind}")


def _number(value: Value) -> float:
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            raise RubyError("ArgumentError", "the format wants a number") from None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise wrong_kind(value, "Float")
    return float(value)


def _whole(value: Value) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return math.floor(value)
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?\d{1,1000}\s*", value, re.ASCII):
        return int(value)
    raise wrong_kind(value, "Integer")


def strftime(time: datetime, pattern: str) -> str:
    """Ruby's ``strftime`` as far as Python's says the same."""
    return _TIME_DIRECTIVE.sub(lambda found: _time_part(time, found), pattern)


def _time_part(time: datetime, found: re.Match[str]) -> str:
    flag, letter = found.groups()
    if letter in _TIME_SHORT:
        return time.strftime(_TIME_SHORT[letter])
    if letter in "sLNe":
        shown = {
            "s": str(int(time.timestamp())),
            "L": f"{time.microsecond // 1000:03d}",
            "N": f"{time.microsecond * 1000:09d}",
            "e": f"{time.day:2d}",
        }[letter]
    elif letter in _TIME_LETTERS:
        shown = time.strftime("%" + letter)
    else:
        raise Beyond(f"%{letter} in strftime")
    if flag == "^":
        return shown.upper()
    return (shown.lstrip("0") or "0") if flag == "-" else shown
