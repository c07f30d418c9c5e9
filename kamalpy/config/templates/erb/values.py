"""Ruby's values: str, int, float, bool, None, list and dict are Python's, the others are here."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, TypeVar
from urllib.parse import SplitResult

from kamalpy.config.templates.limits import Meter
from kamalpy.config.templates.template_errors import RubyError, UnsupportedError

Value: TypeAlias = object
Block: TypeAlias = Callable[..., Value]
Scope: TypeAlias = ChainMap[str, Value]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Symbol:
    """``:name``"""

    name: str


@dataclass(frozen=True, slots=True)
class Range:
    """``first..last``, to take a part of a string or an array."""

    first: Value
    last: Value
    exclusive: bool = False

    def span(self, length: int) -> slice | None:
        """Return the part of something of this length, if it begins inside."""
        first = 0 if self.first is None else expect(self.first, int)
        last = -1 if self.last is None else expect(self.last, int)
        first += length if first < 0 else 0
        last += length if last < 0 else 0
        end = last if self.exclusive and self.last is not None else last + 1
        return slice(first, max(end, first)) if 0 <= first <= length else None


@dataclass(frozen=True, slots=True)
class Module:
    """A class or module: ``File``, ``ENV``, ``KeyError``."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """``ERB.new(text)``"""

    text: str
    trim: bool


@dataclass(frozen=True, slots=True, eq=False)
class Regexp:
    """A regular expression in Ruby's and in Python's syntax, and what makes it slow."""

    source: str
    flags: str
    pattern: re.Pattern[str]
    repeated: tuple[re.Pattern[str], ...]
    choices: int
    ascii_only: bool


_CLASSES: dict[type, str] = {
    type(None): "NilClass", bool: "Boolean", str: "String", int: "Integer", float: "Float",
    list: "Array", dict: "Hash", Symbol: "Symbol", Range: "Range", Regexp: "Regexp",
    Module: "Module", datetime: "Time", SplitResult: "URI::Generic", Template: "ERB",
}  # fmt: skip
_CONVERSIONS = {"String": "call .to_s on it", "Integer": "call .to_i on it"}
_WORDS = {None: "nil", True: "true", False: "false"}


def class_name(value: Value) -> str:
    """Return the name of a value's class."""
    return _CLASSES.get(type(value), "Object")


def describe(value: Value) -> str:
    """Name a value in a message: its class, never its content."""
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    return _with_article(class_name(value))


def _with_article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "AEIOU" else f"a {noun}"


def is_truthy(value: Value) -> bool:
    """Tell whether a value is neither nil nor false."""
    return value is not None and value is not False


def is_blank(value: Value) -> bool:
    """Tell whether a value is blank, as ActiveSupport has it."""
    if isinstance(value, str):
        return not value.strip()
    return not value if isinstance(value, (list, dict)) else not is_truthy(value)


def expect(value: Any, kind: type[_T]) -> _T:
    """Return a value that has to be of a class."""
    if type(value) is kind:
        return value
    if isinstance(value, float):
        raise UnsupportedError("calculating with a Float", "{{ 1.5 + 1 }}")
    wanted = _CLASSES[kind]
    what = f"{describe(value)} stands where {_with_article(wanted)} should be"
    raise RubyError("TypeError", what, _CONVERSIONS.get(wanted, f"give {_with_article(wanted)}"))


def as_key(value: Value) -> Value:
    """Return a value that can be the key of a hash here."""
    if value is None or type(value) in (str, int, Symbol):
        return value
    raise UnsupportedError(f"{describe(value)} as the key of a hash", "{{ {'name': value} }}")


def is_equal(left: Any, right: Any, meter: Meter) -> bool:
    """Compare as Ruby's ``==``."""
    meter.spend()
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if not isinstance(left, (list, dict)) or type(left) is not type(right):
        return bool(left == right)
    keys = left.keys() if isinstance(left, dict) else range(len(left))
    if keys != (right.keys() if isinstance(right, dict) else range(len(right))):
        return False
    return all(is_equal(left[key], right[key], meter) for key in keys)


def compare(left: Any, right: Any, meter: Meter) -> int:
    """Compare as Ruby's ``<=>``, where an order is needed."""
    meter.spend()
    if isinstance(left, list) and isinstance(right, list):
        orders = (compare(*pair, meter) for pair in zip(left, right, strict=False))
        return next(filter(None, orders), len(left) - len(right))
    if isinstance(left, Symbol) and isinstance(right, Symbol):
        left, right = left.name, right.name
    numbers = {type(left), type(right)} <= {int, float}
    if numbers or (isinstance(left, str) and isinstance(right, str)):
        return int(left > right) - int(left < right)
    what = f"{describe(left)} and {describe(right)} cannot be compared"
    raise RubyError("ArgumentError", what, "make them alike, with .to_i or .to_s")
