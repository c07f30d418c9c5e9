"""``<``, ``>=`` and ``between?`` for what has an order."""

from __future__ import annotations

from collections.abc import Callable

from kamalpy.config.templates.trouble import RubyError
from kamalpy.config.templates.values import Value, a_class

from .methods import Call, Methods


def _ordered(call: Call, left: Value, right: Value) -> int:
    order = call.send(left, "<=>", right)
    if not isinstance(order, int) or isinstance(order, bool):
        what = f"{a_class(left)} and {a_class(right)} cannot be compared"
        raise RubyError("ArgumentError", what, "make them alike, with .to_i or .to_s")
    return order


def _compared(test: Callable[[int], bool]) -> Callable[..., Value]:
    return lambda call, left, right: test(_ordered(call, left, right))


def _between(call: Call, value: Value, low: Value, high: Value) -> bool:
    return _ordered(call, low, value) <= 0 <= _ordered(call, high, value)


COMPARABLE: Methods = {
    "<": _compared(lambda order: order < 0),
    "<=": _compared(lambda order: order <= 0),
    ">": _compared(lambda order: order > 0),
    ">=": _compared(lambda order: order >= 0),
    "between?": _between,
}
