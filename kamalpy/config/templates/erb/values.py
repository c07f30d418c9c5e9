"""
Ruby's values and how they are compared, written and given to the methods of the table.

str, int, float, bool, None, list and dict are Python's, the others are here.
"""

from __future__ import annotations

import json
import re
from collections import ChainMap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, TypeVar
from urllib.parse import SplitResult

from kamalpy.config.document.ruby import ESCAPES
from kamalpy.config.templates.context import Meter, RenderContext
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
        ends = (self.first or 0, -1 if self.last is None else self.last)
        first, last = (expect(end, int) for end in ends)
        first, last = (end + length if end < 0 else end for end in (first, last))
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
    """A regular expression in Python's syntax, and what makes it slow."""

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
    return inspect(value, meter)


def inspect(value: Value, meter: Meter) -> str:
    """Return Ruby's ``inspect``."""
    meter.spend()
    if value is None or isinstance(value, bool):
        return describe(value)
    if isinstance(value, Module):
        return value.name
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
        if found[0] in ('"', "\\", "#"):
            return f"\\{found[0]}"
        return ESCAPES.get(found[0], f"\\u{ord(found[0]):04X}")

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


Method: TypeAlias = Callable[..., Value]
Methods: TypeAlias = dict[str, Method]


@dataclass(frozen=True, slots=True)
class MethodCall:
    """One call, and what the method may use."""

    name: str
    context: RenderContext
    block: Block | None = None

    @property
    def meter(self) -> Meter:
        """The limits."""
        return self.context.meter

    def run(self, *values: Value) -> Value:
        """Call the block."""
        if self.block is None:
            raise UnsupportedError(f"{spelled(self.name)} without a block")
        self.meter.spend()
        return self.block(*values)

    def holds(self, *values: Value) -> bool:
        """Call the block; return whether the result is true."""
        return is_truthy(self.run(*values))

    def text(self, value: Value) -> str:
        """Return Ruby's ``to_s``."""
        return to_s(value, self.meter)

    def invoke(
        self, method: Method, receiver: Value, values: list[Value], pairs: dict[Value, Value]
    ) -> Value:
        """Call a method of the table, if it takes these arguments, and count what it returns."""
        keywords: dict[str, Value] = {}
        if method.__kwdefaults__:
            keywords = {key.name: v for key, v in pairs.items() if isinstance(key, Symbol)}
        elif pairs:
            values = [*values, pairs]
        self.meter.spend(sum(map(_size, (receiver, *values))) // 50)
        try:
            result = method(self, receiver, *values, **keywords)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            # Whatever Python objects to in the values, the user needs to know which call it was.
            raise UnsupportedError(f"this use of {spelled(self.name)}") from None
        self.meter.allocate(_size(result))
        return result


def _size(value: Value) -> int:
    return len(value) if isinstance(value, (str, list, dict)) else 0


def spelled(name: str) -> str:
    """Name a method in a message: ``.strip``, but ``+`` in back-ticks."""
    return f".{name}" if name[0].isalpha() else f"`{name}`"
