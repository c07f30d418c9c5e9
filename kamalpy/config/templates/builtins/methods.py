"""How a method of ours is called: its Python signature says what Ruby may pass."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeAlias

from kamalpy.config.templates.limits import Meter
from kamalpy.config.templates.looks import to_s
from kamalpy.config.templates.trouble import Beyond, RubyError
from kamalpy.config.templates.values import (
    Hash,
    Proc,
    Symbol,
    Value,
    a_class,
    truthy,
)
from kamalpy.config.templates.world import World

Method: TypeAlias = Callable[..., Value]
Methods: TypeAlias = Mapping[str, Method]
Send: TypeAlias = Callable[..., Value]


@dataclass(frozen=True, slots=True)
class Call:
    """One call: the block that came along, and what the method may reach."""

    name: str
    world: World
    send: Send
    block: Proc | None = None

    @property
    def meter(self) -> Meter:
        """What is left to spend."""
        return self.world.meter

    def with_block(self, block: Proc | None) -> Call:
        """The same with a block."""
        return replace(self, block=block)

    def yields(self, *values: Value) -> Value:
        """Call the block."""
        if self.block is None:
            raise Beyond(f"{spelled(self.name)} without a block")
        self.meter.spend()
        return self.block.call(*values)

    def holds(self, *values: Value) -> bool:
        """Call the block and ask whether it answers true."""
        return truthy(self.yields(*values))

    def text(self, value: Value) -> str:
        """Ruby's ``to_s``."""
        return to_s(value, self.meter)

    def sized(self, text: str) -> str:
        """Pay for text that was made."""
        self.meter.room(len(text))
        return text

    def listed(self, items: list[Value]) -> list[Value]:
        """Pay for a list that was made."""
        self.meter.room(len(items))
        self.meter.spend(len(items) // 4)
        return items


ODD = "this use"
_CONVERSIONS: Mapping[str, str] = {
    "String": "call .to_s on it",
    "Integer": "call .to_i on it",
    "number": "call .to_i on it",
}
_IN_JINJA: Mapping[str, str] = {
    "in_groups_of": "{{ items | batch(2) }}",
    "pluck": '{{ items | map(attribute="name") | list }}',
    "sample": "{{ items | random }}",
    "titlecase": "{{ text | title }}",
    "titleize": "{{ text | title }}",
    "to_json": "{{ value | tojson }}",
    "truncate": "{{ text | truncate(20) }}",
}


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a method takes behind its receiver."""

    kinds: tuple[str, ...]
    least: int
    rest: str | None
    keywords: frozenset[str]


_KINDS: Mapping[str, tuple[tuple[type, ...], str]] = {
    "str": ((str,), "String"),
    "str | None": ((str, type(None)), "String"),
    "int": ((int,), "Integer"),
    "int | None": ((int, type(None)), "Integer"),
    "int | float": ((int, float), "number"),
    "list[Value]": ((list,), "Array"),
    "Hash": ((Hash,), "Hash"),
    "Symbol": ((Symbol,), "Symbol"),
}


@cache
def _shape(method: Method) -> _Shape:
    kinds, least, rest, keywords = [], 0, None, set()
    for parameter in list(inspect.signature(method).parameters.values())[2:]:
        if parameter.kind is parameter.VAR_POSITIONAL:
            rest = str(parameter.annotation)
        elif parameter.kind is parameter.KEYWORD_ONLY:
            keywords.add(parameter.name)
        else:
            kinds.append(str(parameter.annotation))
            least += parameter.default is parameter.empty
    return _Shape(tuple(kinds), least, rest, frozenset(keywords))


def invoke(
    method: Method, call: Call, receiver: Value, arguments: list[Value], keywords: Hash | None
) -> Value:
    """Call a method once its arguments are of the number and kind it takes."""
    shape = _shape(method)
    named: dict[str, Value] = {}
    if keywords is not None and keywords.entries:
        if shape.keywords:
            named = _named(shape, call, keywords)
        else:
            arguments = [*arguments, keywords]
    _count(shape, call, len(arguments))
    call.meter.spend(sum(map(_weight, (receiver, *arguments))))
    for index, argument in enumerate(arguments):
        kind = shape.kinds[index] if index < len(shape.kinds) else shape.rest
        _check(kind or "Value", argument)
    try:
        return method(call, receiver, *arguments, **named)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        # Whatever Python thinks of the values, the user is told which call it was.
        raise Beyond(f"{ODD} of {spelled(call.name)}") from None


def _weight(value: Value) -> int:
    """What it costs to touch a value."""
    if isinstance(value, str):
        return len(value) // 50
    if isinstance(value, Hash):
        return len(value.entries) // 10
    return len(value) // 10 if isinstance(value, list) else 0


def _named(shape: _Shape, call: Call, keywords: Hash) -> dict[str, Value]:
    named = {}
    for key, value in keywords.pairs():
        name = key.name if isinstance(key, Symbol) else ""
        if name not in shape.keywords:
            raise Beyond(f"the argument {name}: of .{call.name}")
        named[name] = value
    return named


def _count(shape: _Shape, call: Call, given: int) -> None:
    if given < shape.least:
        what = f"{spelled(call.name)} has {given} of {shape.least} arguments"
        raise RubyError("ArgumentError", what, "give it the others")
    if not shape.rest and given > len(shape.kinds):
        raise Beyond(f"{spelled(call.name)} with {given} argument(s)")


def _check(kind: str, argument: Value) -> None:
    known = _KINDS.get(kind)
    if known is None:
        return
    types, name = known
    wrong = isinstance(argument, bool) or not isinstance(argument, types)
    if wrong and not (argument is None and type(None) in types):
        raise wrong_kind(argument, name)


def wrong_kind(argument: Value, wanted: str) -> RubyError:
    """The error for a value that cannot stand for another."""
    how = _CONVERSIONS.get(wanted, f"give {_article(wanted)}")
    what = f"{a_class(argument)} stands where {_article(wanted)} should be"
    return RubyError("TypeError", what, how)


def _article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "AEIOU" else f"a {noun}"


def proc_of(call: Call) -> Proc:
    """The block of a call."""
    if call.block is None:
        raise Beyond(f"{call.name} without a block")
    return call.block


def compare(left: Value, right: Value, call: Call) -> int | None:
    """Ruby's ``<=>``: None where two values have no order."""
    if isinstance(left, bool) or isinstance(right, bool):
        return 0 if left is right else None
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return (left > right) - (left < right)
    if isinstance(left, str) and isinstance(right, str):
        return (left > right) - (left < right)
    if isinstance(left, Symbol) and isinstance(right, Symbol):
        return compare(left.name, right.name, call)
    if isinstance(left, list) and isinstance(right, list):
        return _compare_lists(left, right, call)
    return 0 if left is right else None


def _compare_lists(left: list[Value], right: list[Value], call: Call) -> int | None:
    call.meter.deeper()
    for one, other in zip(left, right, strict=False):
        call.meter.spend()
        order = compare(one, other, call)
        if order != 0:
            break
    else:
        order = (len(left) > len(right)) - (len(left) < len(right))
    call.meter.shallower()
    return order


def ordered(left: Value, right: Value, call: Call) -> int:
    """As ``compare``, where an order is needed."""
    order = compare(left, right, call)
    if order is None:
        what = f"{a_class(left)} and {a_class(right)} cannot be compared"
        raise RubyError("ArgumentError", what, "make them alike, with .to_i or .to_s")
    return order


def spelled(name: str) -> str:
    """How a message names a method: ``.strip``, but ``+`` in back-ticks."""
    return f".{name}" if name[0].isalpha() else f"`{name}`"


def not_known(receiver: Value, name: str) -> Beyond:
    """The error for a method that is not among ours."""
    return Beyond(f"the method {spelled(name)} of {a_class(receiver)}", _IN_JINJA.get(name, ""))
