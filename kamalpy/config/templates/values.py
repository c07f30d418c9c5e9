"""What Ruby's values are in Python: str, int, float, bool, None, list, and these."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime
    from urllib.parse import SplitResult

    from .limits import Meter
    from .steps import Program

Value: TypeAlias = object
Key: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Symbol:
    """``:name``."""

    name: str


@dataclass(slots=True, eq=False)
class Hash:
    """A hash in the order of insertion; 1, 1.0 and true are different keys, as in Ruby."""

    entries: dict[Key, tuple[Value, Value]] = field(default_factory=dict)
    default: Value = None

    def get(self, key: Key, default: Value = None) -> Value:
        """The value of a key, which ``key_of`` made."""
        return self.entries[key][1] if key in self.entries else default

    def set(self, key: Key, name: Value, value: Value) -> None:
        """Add or replace."""
        self.entries[key] = (self.entries.get(key, (name,))[0], value)

    def pairs(self) -> Iterator[tuple[Value, Value]]:
        """Keys and values."""
        return iter(list(self.entries.values()))


def text_key(name: str) -> Key:
    """The key of a string, without a detour."""
    return ("String", name)


def hash_of(pairs: Mapping[str, Value]) -> Hash:
    """A hash with text as keys."""
    return Hash({text_key(name): (name, value) for name, value in pairs.items()})


@dataclass(frozen=True, slots=True)
class Range:
    """``1..5``, ``"a"..``."""

    first: Value
    last: Value
    exclusive: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Regexp:
    """A regular expression, ready to match."""

    source: str
    flags: str
    program: Program


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """What a regular expression found."""

    regexp: Regexp
    subject: str
    spans: tuple[tuple[int, int] | None, ...]

    def group(self, number: int) -> str | None:
        """The text of a group; 0 is the whole."""
        span = self.spans[number] if -len(self.spans) <= number < len(self.spans) else None
        return None if span is None else self.subject[span[0] : span[1]]


@dataclass(frozen=True, slots=True, eq=False)
class Proc:
    """A block as a value; a lambda is strict about the number of its arguments."""

    call: Callable[..., Value]
    arity: int = -1
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Module:
    """A class or module: ``File``, ``ENV``, ``KeyError``."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Failure:
    """An exception as a value: ``rescue KeyError => error``."""

    kind: str
    message: str


@dataclass(frozen=True, slots=True, eq=False)
class Enumerator:
    """``map`` without a block, waiting for ``with_index``."""

    receiver: Value
    method: str


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A time."""

    time: datetime


@dataclass(frozen=True, slots=True, eq=False)
class Address:
    """A URI."""

    parts: SplitResult
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """``ERB.new(text)``."""

    text: str
    trim: bool


_CLASSES: tuple[tuple[type, str], ...] = (
    (str, "String"),
    (int, "Integer"),
    (float, "Float"),
    (Symbol, "Symbol"),
    (list, "Array"),
    (Hash, "Hash"),
    (Range, "Range"),
    (Regexp, "Regexp"),
    (Match, "MatchData"),
    (Proc, "Proc"),
    (Module, "Module"),
    (Enumerator, "Enumerator"),
    (Moment, "Time"),
    (Address, "URI::Generic"),
    (Template, "ERB"),
)


def class_name(value: Value) -> str:
    """The name of a value's class."""
    if value is None or isinstance(value, bool):
        return {None: "NilClass", True: "TrueClass", False: "FalseClass"}[value]
    if isinstance(value, Failure):
        return value.kind
    return next((name for kind, name in _CLASSES if isinstance(value, kind)), "Object")


def a_class(value: Value) -> str:
    """A value in the words of a message: never what it is, only what kind of thing."""
    if value is None or isinstance(value, bool):
        return {None: "nil", True: "true", False: "false"}[value]
    name = class_name(value)
    return f"an {name}" if name[0] in "AEIOU" else f"a {name}"


def truthy(value: Value) -> bool:
    """Everything but nil and false."""
    return value is not None and value is not False


def key_of(value: Value, meter: Meter) -> Key:
    """What a value is as a hash key."""
    if isinstance(value, list):
        return ("Array", *_nested(value, meter, key_of))
    if value is None or isinstance(value, (str, int, float, Symbol, Range, Module)):
        return (class_name(value), value)
    return ("Object", id(value))


def same(left: Value, right: Value, meter: Meter) -> bool:
    """Ruby's ``==``."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return left == right
    if isinstance(left, (list, Hash)) and isinstance(right, (list, Hash)):
        return _content(left, meter) == _content(right, meter)
    if isinstance(left, Moment) and isinstance(right, Moment):
        return left.time == right.time
    return type(left) is type(right) and left == right


def _content(value: Value, meter: Meter) -> object:
    """As ``key_of``, but 1 and 1.0 are the same, and hashes are compared by what they hold."""
    if isinstance(value, list):
        return ("Array", *_nested(value, meter, _content))
    if isinstance(value, Hash):
        held = _nested([item for _, item in value.pairs()], meter, _content)
        return ("Hash", frozenset(zip(value.entries, held, strict=True)))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return ("Numeric", value)
    return key_of(value, meter)


def _nested(
    items: list[Value], meter: Meter, freeze: Callable[[Value, Meter], object]
) -> tuple[object, ...]:
    meter.spend(len(items))
    meter.deeper()
    frozen = tuple(freeze(item, meter) for item in items)
    meter.shallower()
    return frozen
