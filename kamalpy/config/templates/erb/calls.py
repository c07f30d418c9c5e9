"""How a method of the table is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from kamalpy.config.templates.context import RenderContext
from kamalpy.config.templates.limits import Meter
from kamalpy.config.templates.template_errors import UnsupportedError

from .formatting import to_s
from .values import Block, Symbol, Value, is_truthy

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
        """Call the block, and tell whether it returns something true."""
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
