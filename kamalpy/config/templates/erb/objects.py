"""Methods of all values, of numbers and symbols, and those without a receiver."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

from kamalpy.config.templates.limits import MAX_BITS
from kamalpy.config.templates.template_errors import LimitError, RubyError, UnsupportedError

from .calls import MethodCall, Methods
from .collections import is_blank, items_of
from .constants import ERRORS, is_kind_of
from .environ import load
from .formatting import format_string, inspect, to_json
from .libraries import parse_uri
from .strings import match_position
from .values import (
    Module,
    Range,
    Regexp,
    RubyException,
    Symbol,
    Value,
    class_name,
    compare,
    expect,
    is_equal,
    is_truthy,
)

_LIBRARIES = frozenset({
    "active_support", "active_support/all", "active_support/core_ext", "base64", "bundler/setup",
    "cgi", "date", "digest", "dotenv", "dotenv/load", "English", "erb", "etc", "fileutils",
    "ipaddr", "json", "kamal", "net/http", "net/ssh", "open3", "openssl", "ostruct", "pathname",
    "pp", "rubygems", "securerandom", "set", "shellwords", "socket", "tempfile", "time", "tmpdir",
    "uri", "yaml",
})  # fmt: skip
_UNSUPPORTED = (
    "Float", "__FILE__", "__method__", "at_exit", "catch", "eval", "exec", "exit", "fork", "gets",
    "lambda", "load", "loop", "open", "proc", "rand", "require_relative", "sleep", "spawn",
    "system", "throw", "trap",
)  # fmt: skip


def _is_a(call: MethodCall, value: Value, kind: Value) -> bool:
    name = expect(kind, Module).name
    if isinstance(value, RubyException):
        return is_kind_of(value.kind, name)
    if isinstance(value, bool):
        return name == ("TrueClass" if value else "FalseClass")
    return name == class_name(value)


def _case_equal(call: MethodCall, pattern: Value, value: Value) -> bool:
    """``===``: what ``when`` compares with."""
    if isinstance(pattern, Module):
        return _is_a(call, value, pattern)
    if isinstance(pattern, Regexp):
        return isinstance(value, str) and match_position(call, value, pattern) is not None
    if isinstance(pattern, Range):
        below = pattern.first is not None and compare(value, pattern.first, call.meter) < 0
        order = -1 if pattern.last is None else compare(value, pattern.last, call.meter)
        return not below and order < (0 if pattern.exclusive else 1)
    return is_equal(pattern, value, call.meter)


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
    if isinstance(error, RubyException):
        raise RubyError(error.kind, error.message)
    text = "the template raises an error" if error is None else expect(error, str)
    raise RubyError("SystemExit" if call.name == "abort" else "RuntimeError", text)


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
        load(call.context, [], overwrite=False)
    return is_new


def _format(call: MethodCall, receiver: Value, pattern: Value, *values: Value) -> str:
    given = values[0] if len(values) == 1 and isinstance(values[0], dict) else list(values)
    return format_string(expect(pattern, str), given, call.meter)


def _integer(call: MethodCall, receiver: Value, value: Value) -> int:
    if value is None:
        raise RubyError("TypeError", "nil stands where Integer() wants a number", "set it first")
    if not isinstance(value, str):
        return expect(value, int)
    if not re.fullmatch(r"\s*[+-]?(?:0|[1-9]\d{0,999})\s*", value, re.ASCII):
        what = "Integer() wants a number, not this text"
        raise RubyError("ArgumentError", what, "give it digits")
    return int(value)


def _array(call: MethodCall, receiver: Value, value: Value) -> Value:
    items = value if isinstance(value, list) else items_of(value, call.meter)
    return [value] if items is None else items


def _unsupported(call: MethodCall, receiver: Value, *values: Value) -> Value:
    raise UnsupportedError(f"`{call.name}`")


OBJECT: Methods = {
    "!": lambda call, value: not is_truthy(value),
    "==": lambda call, value, other: is_equal(value, other, call.meter),
    "===": _case_equal,
    "<=>": lambda call, value, other: compare(value, other, call.meter),
    "<": lambda call, value, other: compare(value, other, call.meter) < 0,
    "<=": lambda call, value, other: compare(value, other, call.meter) <= 0,
    ">": lambda call, value, other: compare(value, other, call.meter) > 0,
    ">=": lambda call, value, other: compare(value, other, call.meter) >= 0,
    "=~": lambda call, pattern, text: (
        None if text is None else match_position(call, expect(text, str), pattern)
    ),
    "blank?": lambda call, value: is_blank(value),
    "dup": lambda call, value: value.copy() if isinstance(value, (list, dict)) else value,
    "freeze": lambda call, value: value,
    "in?": lambda call, value, items: call.send(items, "include?", value),
    "inspect": lambda call, value: inspect(value, call.meter),
    "is_a?": _is_a,
    "nil?": lambda call, value: value is None,
    "presence": lambda call, value: None if is_blank(value) else value,
    "present?": lambda call, value: not is_blank(value),
    "tap": lambda call, value: (call.run(value), value)[1],
    "then": lambda call, value: call.run(value),
    "to_json": lambda call, value: to_json(value, call.meter),
    "to_s": lambda call, value: call.text(value),
    "try": lambda call, value, name: value and call.send(value, expect(name, Symbol).name),
}
OTHERS: dict[str, Methods] = {
    "Exception": {"message": lambda call, error: error.message},
    "Integer": {
        "%": _calculated(operator.mod),
        "*": _calculated(operator.mul),
        "+": _calculated(operator.add),
        "-": _calculated(operator.sub),
        "-@": lambda call, number: -number,
        "/": _calculated(operator.floordiv),
        "times": lambda call, number: call.send(Range(0, number - 1), "each", block=call.block),
        "to_i": lambda call, number: number,
        "zero?": lambda call, number: number == 0,
    },
    "MatchData": {
        "[]": lambda call, match, group: match[getattr(group, "name", group)],
        "captures": lambda call, match: list(match.groups()),
        "to_a": lambda call, match: [match[0], *match.groups()],
        "to_s": lambda call, match: match[0],
    },
    "Module": {"name": lambda call, module: module.name},
    "NilClass": {
        "to_a": lambda call, nothing: [],
        "to_h": lambda call, nothing: {},
        "to_i": lambda call, nothing: 0,
    },
    "Symbol": {"to_sym": lambda call, symbol: symbol},
}
FUNCTIONS: Methods = {
    "Array": _array,
    "Integer": _integer,
    "String": lambda call, receiver, value: call.text(value),
    "URI": parse_uri,
    "__dir__": lambda call, receiver: ".",
    "format": _format,
    "require": _require,
    **dict.fromkeys(("abort", "fail", "raise"), _raise),
    **dict.fromkeys(("p", "print", "puts", "warn"), lambda call, receiver, *values: None),
    **dict.fromkeys(_UNSUPPORTED, _unsupported),
}
