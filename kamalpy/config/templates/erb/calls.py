"""How a method of the table is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from kamalpy.config.templates.context import RenderContext
from kamalpy.config.templates.limits import Meter
from kamalpy.config.templates.template_errors import RubyError, UnsupportedError

from .formatting import to_s
from .values import Block, Symbol, Value, is_truthy

Method: TypeAlias = Callable[..., Value]
Methods: TypeAlias = dict[str, Method]
_VARIADIC = 4


@dataclass(slots=True)
class Arguments:
    """What a call passes."""

    values: list[Value]
    keywords: dict[Value, Value] = field(default_factory=dict)
    block: Block | None = None


@dataclass(frozen=True, slots=True)
class MethodCall:
    """One call, and what the method may use; ``is_function``: it has no receiver."""

    name: str
    context: RenderContext
    send: Callable[..., Value]
    block: Block | None = None
    is_function: bool = False

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
        """Call the block, and tell whether it returns something true."""
        return is_truthy(self.run(*values))

    def text(self, value: Value) -> str:
        """Return Ruby's ``to_s``."""
        return to_s(value, self.meter)

    def sized(self, text: str) -> str:
        """Count a new string."""
        self.meter.allocate(len(text))
        return text

    def listed(self, items: list[Value]) -> list[Value]:
        """Count a new array."""
        self.meter.allocate(len(items))
        self.meter.spend(len(items) // 4)
        return items


def invoke(method: Method, call: MethodCall, receiver: Value, arguments: Arguments) -> Value:
    """Call a method of the table, if it takes these arguments."""
    code, values = method.__code__, arguments.values
    keywords: dict[str, Value] = {}
    if arguments.keywords and code.co_kwonlyargcount:
        keywords = {key.name: v for key, v in arguments.keywords.items() if isinstance(key, Symbol)}
    elif arguments.keywords:
        values = [*values, arguments.keywords]
    most = code.co_argcount - 2
    least = most - len(method.__defaults__ or ())
    if len(values) < least:
        what = f"{spelled(call.name)} has {len(values)} of {least} arguments"
        raise RubyError("ArgumentError", what, "give it the others")
    if len(values) > most and not code.co_flags & _VARIADIC:
        raise UnsupportedError(f"{spelled(call.name)} with {len(values)} argument(s)")
    call.meter.spend(sum(map(_weight, (receiver, *values))))
    try:
        return method(call, receiver, *values, **keywords)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        # Whatever Python objects to in the values, the user needs to know which call it was.
        raise UnsupportedError(f"this use of {spelled(call.name)}") from None


def _weight(value: Value) -> int:
    """Return what it costs to read a value."""
    return len(value) // 50 if isinstance(value, (str, list, dict)) else 0


def spelled(name: str) -> str:
    """Name a method in a message: ``.strip``, but ``+`` in back-ticks."""
    return f".{name}" if name[0].isalpha() else f"`{name}`"
