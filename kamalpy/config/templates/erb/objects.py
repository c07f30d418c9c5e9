"""Methods of all values and of integers, and those without a receiver."""

from __future__ import annotations

import operator
from collections.abc import Callable

from kamalpy.config.templates.limits import MAX_BITS
from kamalpy.config.templates.template_errors import LimitError, RubyError, UnsupportedError

from .calls import MethodCall, Methods
from .constants import ERRORS
from .environ import load
from .formatting import inspect, to_json
from .strings import match_position
from .values import Module, Value, compare, expect, is_blank, is_equal, is_truthy

_LIBRARIES = frozenset({
    "active_support", "active_support/all", "active_support/core_ext", "base64", "bundler/setup",
    "cgi", "date", "digest", "dotenv", "dotenv/load", "English", "erb", "etc", "fileutils",
    "ipaddr", "json", "kamal", "net/http", "net/ssh", "open3", "openssl", "ostruct", "pathname",
    "pp", "rubygems", "securerandom", "set", "shellwords", "socket", "tempfile", "time", "tmpdir",
    "uri", "yaml",
})  # fmt: skip
_UNSUPPORTED = (
    "Array", "Float", "Integer", "String", "URI", "__FILE__", "__dir__", "__method__", "abort",
    "at_exit", "binding", "catch", "eval", "exec", "exit", "fail", "fork", "format", "gets",
    "lambda", "load", "loop", "open", "p", "print", "printf", "proc", "puts", "rand",
    "require_relative", "sleep", "spawn", "sprintf", "system", "throw", "trap", "warn",
)  # fmt: skip


def _calculated(operate: Callable[[int, int], int]) -> Callable[[MethodCall, int, Value], int]:
    def calculate(call: MethodCall, number: int, other: Value) -> int:
        if call.name in ("/", "%") and other == 0:
            raise RubyError("ZeroDivisionError", "a number is divided by 0")
        if number.bit_length() + expect(other, int).bit_length() > MAX_BITS:
            raise LimitError("a number grows too large")
        return operate(number, expect(other, int))

    return calculate


def _raise(call: MethodCall, receiver: Value, error: Value = None, message: Value = None) -> Value:
    if isinstance(error, Module) and error.name in ERRORS:
        raise RubyError(error.name, error.name if message is None else call.text(message))
    text = "the template raises an error" if error is None else expect(error, str)
    raise RubyError("RuntimeError", text)


def _require(call: MethodCall, receiver: Value, name: Value) -> bool:
    library = expect(name, str).removesuffix(".rb")
    if library not in _LIBRARIES and not library.startswith("active_support/"):
        raise RubyError(
            "LoadError",
            f'the library "{library}" is not available without Ruby',
            "let a real Ruby render this file, with `ruby: true` under x-kamalpy or with --ruby",
        )
    is_new = library not in call.context.shared.libraries
    call.context.shared.libraries.add(library)
    if library == "dotenv/load" and is_new:
        load(call.context, [])
    return is_new


def _unsupported(call: MethodCall, receiver: Value, *values: Value) -> Value:
    raise UnsupportedError(f"`{call.name}`")


OBJECT: Methods = {
    "!": lambda call, value: not is_truthy(value),
    "==": lambda call, value, other: is_equal(value, other, call.meter),
    "<=>": lambda call, value, other: compare(value, other, call.meter),
    "<": lambda call, value, other: compare(value, other, call.meter) < 0,
    "<=": lambda call, value, other: compare(value, other, call.meter) <= 0,
    ">": lambda call, value, other: compare(value, other, call.meter) > 0,
    ">=": lambda call, value, other: compare(value, other, call.meter) >= 0,
    "blank?": lambda call, value: is_blank(value),
    "freeze": lambda call, value: value,
    "in?": lambda call, value, items: any(is_equal(value, each, call.meter) for each in items),
    "inspect": lambda call, value: inspect(value, call.meter),
    "nil?": lambda call, value: value is None,
    "presence": lambda call, value: None if is_blank(value) else value,
    "present?": lambda call, value: not is_blank(value),
    "tap": lambda call, value: (call.run(value), value)[1],
    "then": lambda call, value: call.run(value),
    "to_json": lambda call, value: to_json(value, call.meter),
    "to_s": lambda call, value: call.text(value),
}
INTEGER: Methods = {
    "%": _calculated(operator.mod),
    "*": _calculated(operator.mul),
    "+": _calculated(operator.add),
    "-": _calculated(operator.sub),
    "-@": lambda call, number: -number,
    "/": _calculated(operator.floordiv),
    "to_i": lambda call, number: number,
}
NIL: Methods = {"=~": lambda call, text, pattern: None, "to_i": lambda call, nothing: 0}
REGEXP: Methods = {
    "=~": lambda call, pattern, text: (
        None if text is None else match_position(call, expect(text, str), pattern)
    ),
    "match?": lambda call, pattern, text: (
        match_position(call, expect(text, str), pattern) is not None
    ),
}
FUNCTIONS: Methods = {
    "raise": _raise,
    "require": _require,
    **dict.fromkeys(_UNSUPPORTED, _unsupported),
}
