"""Methods of all values, and of those that are neither strings nor collections."""

from __future__ import annotations

from collections.abc import Callable

from kamalpy.config.templates.evaluation.formatting import inspect, to_json
from kamalpy.config.templates.evaluation.values import (
    Module,
    Range,
    Regexp,
    RubyException,
    Symbol,
    Value,
    class_name,
    compare,
    is_equal,
    is_truthy,
    to_int,
)
from kamalpy.config.templates.limits import MAX_BITS
from kamalpy.config.templates.template_errors import LimitError, RubyError, UnsupportedError

from .calls import MethodCall, Methods
from .errors import ERRORS, is_kind_of
from .strings import match_operator


def is_blank(value: Value) -> bool:
    """Tell whether a value is blank, as ActiveSupport has it."""
    if isinstance(value, str):
        return not value.strip()
    return not value if isinstance(value, (list, dict)) else not is_truthy(value)


def _is_a(call: MethodCall, value: Value, kind: Value) -> bool:
    name = kind.name if isinstance(kind, Module) else ""
    if isinstance(value, RubyException):
        return is_kind_of(value.kind, name)
    if isinstance(value, bool):
        return name == ("TrueClass" if value else "FalseClass")
    return name in (class_name(value), "Object") or (name == "Numeric" and _is_number(value))


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _case_equal(call: MethodCall, pattern: Value, value: Value) -> bool:
    """``===``: what ``when`` compares with."""
    if isinstance(pattern, Module):
        return _is_a(call, value, pattern)
    if isinstance(pattern, Regexp):
        return isinstance(value, str) and match_operator(call, value, pattern) is not None
    if isinstance(pattern, Range):
        low = pattern.first is None or compare(pattern.first, value, call.meter) <= 0
        order = -1 if pattern.last is None else compare(value, pattern.last, call.meter)
        return low and order < (0 if pattern.exclusive else 1)
    return is_equal(pattern, value, call.meter)


def _tap(call: MethodCall, value: Value) -> Value:
    call.run(value)
    return value


def _try(call: MethodCall, value: Value, name: Value, *arguments: Value) -> Value:
    if value is None or not isinstance(name, Symbol):
        return None
    return call.send(value, name.name, *arguments, block=call.block)


def _ordered(holds: Callable[[int], bool]) -> Callable[[MethodCall, Value, Value], bool]:
    return lambda call, value, other: holds(compare(value, other, call.meter))


OBJECT: Methods = {
    "!": lambda call, value: not is_truthy(value),
    "==": lambda call, value, other: is_equal(value, other, call.meter),
    "===": _case_equal,
    "<=>": lambda call, value, other: compare(value, other, call.meter),
    "<": _ordered(lambda order: order < 0),
    "<=": _ordered(lambda order: order <= 0),
    ">": _ordered(lambda order: order > 0),
    ">=": _ordered(lambda order: order >= 0),
    "=~": lambda call, value, other: (
        match_operator(call, other, value) if isinstance(other, str) else None
    ),
    "blank?": lambda call, value: is_blank(value),
    "dup": lambda call, value: value.copy() if isinstance(value, (list, dict)) else value,
    "eql?": lambda call, value, other: is_equal(value, other, call.meter),
    "freeze": lambda call, value: value,
    "in?": lambda call, value, items: call.send(items, "include?", value),
    "inspect": lambda call, value: inspect(value, call.meter),
    "is_a?": _is_a,
    "itself": lambda call, value: value,
    "kind_of?": _is_a,
    "nil?": lambda call, value: value is None,
    "presence": lambda call, value: None if is_blank(value) else value,
    "present?": lambda call, value: not is_blank(value),
    "tap": _tap,
    "then": lambda call, value: call.run(value),
    "to_json": lambda call, value: to_json(value, call.meter),
    "to_s": lambda call, value: call.text(value),
    "try": _try,
}
_NOT_FOR_NIL = ("<", "<=", ">", ">=", "dup")
NIL: Methods = {
    "to_a": lambda call, value: [],
    "to_h": lambda call, value: {},
    "to_i": lambda call, value: 0,
}
SYMBOL: Methods = {"to_sym": lambda call, symbol: symbol}
EXCEPTION: Methods = {"message": lambda call, error: error.message}
MODULE: Methods = {
    "name": lambda call, module: module.name,
    "new": lambda call, module, message=None: _new_error(module, message),
}
MATCH: Methods = {
    "[]": lambda call, match, group: match[group.name if isinstance(group, Symbol) else group],
    "captures": lambda call, match: list(match.groups()),
    "to_a": lambda call, match: [match[0], *match.groups()],
    "to_s": lambda call, match: match[0],
}


def _new_error(module: Module, message: Value) -> RubyException:
    if module.name not in ERRORS:
        raise UnsupportedError(f"`{module.name}.new`")
    return RubyException(module.name, module.name if message is None else str(message))


def _calculated(
    operate: Callable[[int, int], int],
) -> Callable[[MethodCall, int, Value], int]:
    def work(call: MethodCall, number: int, other: Value) -> int:
        if call.name in ("/", "%") and other == 0:
            raise RubyError("ZeroDivisionError", "a number is divided by 0")
        if number.bit_length() + to_int(other).bit_length() > MAX_BITS:
            raise LimitError("a number grows too large")
        return operate(number, to_int(other))

    return work


def _times(call: MethodCall, number: int) -> Value:
    return call.send(
        Range(0, number, exclusive=True), "map" if call.block else "to_a", block=call.block
    )


INTEGER: Methods = {
    "%": _calculated(lambda one, other: one % other),
    "*": _calculated(lambda one, other: one * other),
    "+": _calculated(lambda one, other: one + other),
    "+@": lambda call, number: number,
    "-": _calculated(lambda one, other: one - other),
    "-@": lambda call, number: -number,
    "/": _calculated(lambda one, other: one // other),
    "abs": lambda call, number: abs(number),
    "even?": lambda call, number: number % 2 == 0,
    "odd?": lambda call, number: number % 2 == 1,
    "positive?": lambda call, number: number > 0,
    "times": _times,
    "to_i": lambda call, number: number,
    "zero?": lambda call, number: number == 0,
}
