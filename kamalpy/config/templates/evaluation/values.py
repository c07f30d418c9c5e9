"""Ruby's values: str, int, float, bool, None, list and dict are Python's, the others are here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from urllib.parse import SplitResult

from kamalpy.config.templates.limits import Meter
from kamalpy.config.templates.template_errors import RubyError, UnsupportedError

Value: TypeAlias = object
Block: TypeAlias = Callable[..., Value]


@dataclass(frozen=True, slots=True)
class Symbol:
    """``:name``"""

    name: str


@dataclass(frozen=True, slots=True)
class Range:
    """``first..last``"""

    first: Value
    last: Value
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Module:
    """A class or module: ``File``, ``ENV``, ``KeyError``."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class RubyException:
    """An exception that a template has rescued or made."""

    kind: str
    message: str


@dataclass(frozen=True, slots=True, eq=False)
class Enumerator:
    """``map`` and its like without a block, for ``with_index``."""

    items: list[Value]
    method: str


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """``ERB.new(text)``"""

    text: str
    trim: bool


@dataclass(frozen=True, slots=True, eq=False)
class Regexp:
    """A regular expression in Ruby's and in Python's syntax, and what it may repeat."""

    source: str
    flags: str
    pattern: re.Pattern[str]
    repeated: tuple[re.Pattern[str], ...] = ()
    choices: int = 1
    ascii_only: bool = False


@dataclass(slots=True, eq=False)
class Scope:
    """Local variables; a block's scope sees those around it."""

    parent: Scope | None = None
    variables: dict[str, Value] = field(default_factory=dict)

    def holder(self, name: str) -> Scope:
        """Return the scope that has a variable, or this one."""
        scope: Scope | None = self
        while scope is not None and name not in scope.variables:
            scope = scope.parent
        return scope or self

    def names(self) -> frozenset[str]:
        """Return all names that can be seen from here."""
        outer = self.parent.names() if self.parent is not None else frozenset()
        return outer | self.variables.keys()


_CLASSES: dict[type, str] = {
    type(None): "NilClass", bool: "Boolean", str: "String", int: "Integer", float: "Float",
    list: "Array", dict: "Hash", Symbol: "Symbol", Range: "Range", Regexp: "Regexp",
    re.Match: "MatchData", Module: "Module", RubyException: "Exception", datetime: "Time",
    Enumerator: "Enumerator", SplitResult: "URI::Generic", Template: "ERB", Scope: "Binding",
}  # fmt: skip


def class_name(value: Value) -> str:
    """Return the name of a value's class."""
    return _CLASSES.get(type(value), "Object")


def describe(value: Value) -> str:
    """Name a value in a message: its class, never its content."""
    if value is None or isinstance(value, bool):
        return {None: "nil", True: "true", False: "false"}[value]
    return with_article(class_name(value))


def with_article(noun: str) -> str:
    """Put "a" or "an" before a noun."""
    return f"an {noun}" if noun[0] in "AEIOU" else f"a {noun}"


def is_truthy(value: Value) -> bool:
    """Tell whether a value is neither nil nor false."""
    return value is not None and value is not False


def wrong_type(value: Value, wanted: str) -> RubyError:
    """Return the error for a value of the wrong class."""
    conversions = {"String": "call .to_s on it", "number": "call .to_i on it"}
    how = conversions.get(wanted, f"give {with_article(wanted)}")
    what = f"{describe(value)} stands where {with_article(wanted)} should be"
    return RubyError("TypeError", what, how)


def to_str(value: Value) -> str:
    """Return a value that has to be a string."""
    if not isinstance(value, str):
        raise wrong_type(value, "String")
    return value


def to_int(value: Value) -> int:
    """Return a value that has to be a whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong_type(value, "number")
    return value


def to_list(value: Value) -> list[Value]:
    """Return a value that has to be an array."""
    if not isinstance(value, list):
        raise wrong_type(value, "Array")
    return value


def to_hash(value: Value) -> dict[Value, Value]:
    """Return a value that has to be a hash."""
    if not isinstance(value, dict):
        raise wrong_type(value, "Hash")
    return value


def as_key(value: Value) -> Value:
    """Return a value that can be the key of a hash here."""
    if value is None or (isinstance(value, (str, int, Symbol)) and not isinstance(value, bool)):
        return value
    raise UnsupportedError(f"{describe(value)} as the key of a hash", "{{ {'name': value} }}")


def is_equal(left: Value, right: Value, meter: Meter) -> bool:
    """Compare with Ruby's ``==``."""
    meter.spend()
    if isinstance(left, list) and isinstance(right, list):
        pairs = zip(left, right, strict=False)
        return len(left) == len(right) and _all_equal(pairs, meter)
    if isinstance(left, dict) and isinstance(right, dict):
        pairs = ((left[key], right.get(key)) for key in left)
        return left.keys() == right.keys() and _all_equal(pairs, meter)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return left == right


def _all_equal(pairs: object, meter: Meter) -> bool:
    meter.enter()
    equal = all(is_equal(one, other, meter) for one, other in pairs)  # type: ignore[attr-defined]
    meter.leave()
    return equal


def compare(left: Value, right: Value, meter: Meter) -> int:
    """Compare with Ruby's ``<=>``, where an order is needed."""
    meter.spend()
    numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
    if (numbers and not isinstance(left, bool)) or (
        isinstance(left, str) and isinstance(right, str)
    ):
        return (left > right) - (left < right)  # type: ignore[operator]
    if isinstance(left, Symbol) and isinstance(right, Symbol):
        return compare(left.name, right.name, meter)
    if isinstance(left, list) and isinstance(right, list):
        for one, other in zip(left, right, strict=False):
            if order := compare(one, other, meter):
                return order
        return compare(len(left), len(right), meter)
    what = f"{describe(left)} and {describe(right)} cannot be compared"
    raise RubyError("ArgumentError", what, "make them alike, with .to_i or .to_s")
