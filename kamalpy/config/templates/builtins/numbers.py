"""Methods of integers and floats."""

from __future__ import annotations

import math
from collections.abc import Callable

from kamalpy.config.templates.limits import MAX_BITS
from kamalpy.config.templates.looks import to_s
from kamalpy.config.templates.trouble import Beyond, Exceeded, RubyError
from kamalpy.config.templates.values import Range, Value, same

from .methods import Call, Methods, ordered
from .ranges import covers
from .rounding import ROUNDING, at_places

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def _operator(work: Callable[[float, float], float]) -> Callable[..., Value]:
    def apply(call: Call, left: int | float, right: int | float) -> Value:
        return bounded(_computed(work, left, right))

    return apply


def _computed(
    work: Callable[[float, float], float], left: int | float, right: int | float
) -> int | float:
    try:
        return work(left, right)
    except OverflowError:
        raise Exceeded("a number grows too large") from None


def bounded(value: int | float) -> int | float:
    """A number of a reasonable size."""
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        raise Exceeded("a number grows too large")
    return value


def _divide(left: float, right: float) -> float:
    if isinstance(left, int) and isinstance(right, int):
        if right == 0:
            raise RubyError("ZeroDivisionError", "a number is divided by 0")
        return left // right
    if right == 0:
        return (
            math.nan
            if left == 0 or left != left
            else math.copysign(math.inf, left) * (math.copysign(1, right))
        )
    return left / right


def _modulo(left: float, right: float) -> float:
    if right == 0:
        if isinstance(left, int) and isinstance(right, int):
            raise RubyError("ZeroDivisionError", "a number is divided by 0")
        return math.nan
    return left % right if math.isfinite(left) else math.nan


def _power(left: float, right: float) -> float:
    if isinstance(left, int) and isinstance(right, int):
        if right < 0:
            raise Beyond("a negative power of a whole number (a fraction)")
        if left not in (-1, 0, 1) and left.bit_length() * right > 2 * MAX_BITS:
            raise Exceeded("a number grows too large")
        return int(left ** (right % 2 + 2 if left == -1 else min(right, 2 * MAX_BITS)))
    try:
        return math.pow(left, right)
    except ValueError:
        raise Beyond("a power that is no real number") from None


def _shift(call: Call, left: int, by: int) -> Value:
    if by > MAX_BITS:
        raise Exceeded("a number grows too large")
    return bounded(left << by if by >= 0 else left >> min(-by, 2 * MAX_BITS))


def _shift_back(call: Call, left: int, by: int) -> Value:
    return _shift(call, left, -by)


def _and(call: Call, left: int, right: int) -> int:
    return left & right


def _or(call: Call, left: int, right: int) -> int:
    return left | right


def _xor(call: Call, left: int, right: int) -> int:
    return left ^ right


def _times(call: Call, count: int) -> Value:
    if call.block is None:
        return call.listed(_counted(call, 0, count - 1))
    for number in range(count):
        call.yields(number)
    return count


def _counted(call: Call, first: int, last: int) -> list[Value]:
    count = max(last - first + 1, 0)
    call.meter.spend(count)
    call.meter.room(count)
    return list(range(first, last + 1))


def _upto(call: Call, first: int, last: int) -> Value:
    if call.block is None:
        return _counted(call, first, last)
    for number in range(first, last + 1):
        call.yields(number)
    return first


def _downto(call: Call, first: int, last: int) -> Value:
    if call.block is None:
        return _counted(call, last, first)[::-1]
    for number in range(first, last - 1, -1):
        call.yields(number)
    return first


def _between(call: Call, value: int | float, low: Value, high: Value) -> bool:
    return covers(Range(low, high), value, call)


def _clamp(call: Call, value: int | float, low: Value, high: Value = None) -> Value:
    if isinstance(low, Range):
        return _clamp(call, value, low.first, low.last)
    if low is not None and ordered(value, low, call) < 0:
        return low
    return high if high is not None and ordered(value, high, call) > 0 else value


def _in_base(call: Call, value: int, base: int = 10) -> str:
    if base == 10:
        return str(value)
    if not 2 <= base <= 36:
        raise RubyError("ArgumentError", "a base lies between 2 and 36")
    digits, rest = "", abs(value)
    while rest or not digits:
        rest, digit = divmod(rest, base)
        digits = _DIGITS[digit] + digits
    return f"-{digits}" if value < 0 else digits


def _to_i(call: Call, value: int | float) -> Value:
    return at_places(value, 0, "ROUND_DOWN")


def _to_f(call: Call, value: int | float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _divmod(call: Call, left: int | float, right: int | float) -> list[Value]:
    quotient = _divide(left, right)
    return [at_places(quotient, 0, "ROUND_FLOOR"), _modulo(left, right)]


def _div(call: Call, left: int | float, right: int | float) -> Value:
    return at_places(_divide(left, right), 0, "ROUND_FLOOR")


def _fdiv(call: Call, left: int | float, right: int | float) -> Value:
    return _divide(_to_f(call, left), _to_f(call, right))


def _compared(test: Callable[[int], bool]) -> Callable[..., Value]:
    return lambda call, left, right: test(ordered(left, right, call))


def _coerced(call: Call, left: Value, right: Value) -> bool:
    return same(left, right, call.meter)


def _text(call: Call, value: int | float) -> str:
    return to_s(value, call.meter)


NUMBER: Methods = {
    **ROUNDING,
    "%": _operator(_modulo),
    "*": _operator(lambda left, right: left * right),
    "**": _operator(_power),
    "+": _operator(lambda left, right: left + right),
    "+@": lambda call, value: value,
    "-": _operator(lambda left, right: left - right),
    "-@": lambda call, value: -value,
    "/": _operator(_divide),
    "<": _compared(lambda order: order < 0),
    "<=": _compared(lambda order: order <= 0),
    "==": _coerced,
    "===": _coerced,
    ">": _compared(lambda order: order > 0),
    ">=": _compared(lambda order: order >= 0),
    "abs": lambda call, value: abs(value),
    "between?": _between,
    "clamp": _clamp,
    "div": _div,
    "divmod": _divmod,
    "fdiv": _fdiv,
    "integer?": lambda call, value: isinstance(value, int),
    "modulo": _operator(_modulo),
    "negative?": lambda call, value: value < 0,
    "positive?": lambda call, value: value > 0,
    "to_f": _to_f,
    "to_i": _to_i,
    "to_int": _to_i,
    "zero?": lambda call, value: value == 0,
}

INTEGER: Methods = {
    **NUMBER,
    "&": _and,
    "<<": _shift,
    ">>": _shift_back,
    "^": _xor,
    "digits": lambda call, value: [int(digit) for digit in reversed(str(abs(value)))],
    "downto": _downto,
    "even?": lambda call, value: value % 2 == 0,
    "odd?": lambda call, value: value % 2 == 1,
    "ord": lambda call, value: value,
    "pred": lambda call, value: value - 1,
    "succ": lambda call, value: value + 1,
    "next": lambda call, value: value + 1,
    "inspect": _in_base,
    "times": _times,
    "to_s": _in_base,
    "upto": _upto,
    "|": _or,
    "~@": lambda call, value: ~value,
}

FLOAT: Methods = {
    **NUMBER,
    "finite?": lambda call, value: math.isfinite(value),
    "infinite?": lambda call, value: (1 if value > 0 else -1) if math.isinf(value) else None,
    "nan?": lambda call, value: math.isnan(value),
    "to_s": _text,
}
