"""Ruby's types for YAML values, their names and how they print."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from typing import Any


class Symbol(str):
    """A Ruby symbol: ``:verbose`` in YAML, printed with its colon."""

    __slots__ = ()


class Octal(int):
    """An integer that was written with a leading zero: ``0640``."""

    written: str

    def __new__(cls, value: int, written: str) -> Octal:
        """Store the text with the number."""
        number = super().__new__(cls, value)
        number.written = written
        return number


class NonStringKey(str):
    """A key that is no string in YAML (``80:``, ``on:``): its text, but equal to no string."""

    value: Any
    __slots__ = ("value",)

    def __new__(cls, value: Any) -> NonStringKey:
        """Store the value with its text."""
        key = super().__new__(cls, f":{value}" if isinstance(value, Symbol) else to_s(value))
        key.value = value
        return key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NonStringKey) and str(self) == str(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((NonStringKey, str(self)))


def to_s(value: Any) -> str:
    """Print a scalar as Ruby does: ``false``, ``5``, ``1.0e+20``, and nothing for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float(value)
    return str(value)


def _float(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-4 <= abs(value) < 1e15:
        return repr(value)
    mantissa, _, exponent = f"{Decimal(repr(value)).normalize():e}".partition("e")
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}e{int(exponent):+03d}"


ESCAPES = dict(zip("\n\t\r\f\v\b\a\x1b", map("\\{}".format, "ntrfvbae"), strict=True))
"""How Ruby writes control characters."""
KINDS = (
    (bool, "a boolean"),
    (int, "an integer"),
    (float, "a float"),
    (str, "a string"),
    (list, "an array"),
    (tuple, "an array"),
    (dict, "a hash"),
    (date, "a date"),
)


def kind(value: Any) -> str:
    """Name what a value is, in Kamal's words: "a string", "a hash", "nothing (null)"."""
    if value is None:
        return "nothing (null)"
    return next((name for python, name in KINDS if isinstance(value, python)), "an object")


def is_blank(value: Any) -> bool:
    """Tell whether a value is null, false, an empty collection or only spaces."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or value is False or (isinstance(value, (list, dict)) and not value)
