"""What is called without a receiver: ``raise``, ``require``, ``format``, ``Integer()``."""

from __future__ import annotations

import re

from kamalpy.config.templates.evaluation.formatting import format_string
from kamalpy.config.templates.evaluation.values import (
    Module,
    RubyException,
    Value,
    is_truthy,
    to_int,
    to_str,
)
from kamalpy.config.templates.template_errors import RubyError, UnsupportedError

from .arrays import items_of
from .calls import MethodCall, Methods
from .dotenvs import load
from .errors import ERRORS
from .libraries import parse_uri

_LIBRARIES = frozenset({
    "active_support", "active_support/all", "active_support/core_ext", "base64", "bundler/setup",
    "cgi", "date", "digest", "dotenv", "dotenv/load", "English", "erb", "etc", "fileutils",
    "ipaddr", "json", "kamal", "net/http", "net/ssh", "open3", "openssl", "ostruct", "pathname",
    "pp", "rubygems", "securerandom", "set", "shellwords", "socket", "tempfile", "time", "tmpdir",
    "uri", "yaml",
})  # fmt: skip
_INTEGER = re.compile(r"\s*[+-]?[1-9]?\d{0,1000}\s*(?<=\d)\s*", re.ASCII)


def _raise(call: MethodCall, receiver: Value, error: Value = None, message: Value = None) -> Value:
    if error is None:
        raise RubyError("RuntimeError", "the template raises an error")
    if isinstance(error, RubyException):
        text = error.message if message is None else call.text(message)
        raise RubyError(error.kind, text)
    if isinstance(error, Module) and error.name in ERRORS:
        raise RubyError(error.name, error.name if message is None else call.text(message))
    raise RubyError("RuntimeError", to_str(error))


def _abort(call: MethodCall, receiver: Value, message: Value = "the template aborts") -> Value:
    raise RubyError("SystemExit", to_str(message))


def _require(call: MethodCall, receiver: Value, name: Value) -> bool:
    library = to_str(name).removesuffix(".rb")
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


def _print(call: MethodCall, receiver: Value, *values: Value) -> Value:
    return None


def _format(call: MethodCall, receiver: Value, pattern: Value, *values: Value) -> str:
    given = values[0] if len(values) == 1 and isinstance(values[0], dict) else list(values)
    return format_string(to_str(pattern), given, call.meter)


def _integer(call: MethodCall, receiver: Value, value: Value, *, exception: Value = True) -> Value:
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    if not isinstance(value, str) and value is not None:
        return to_int(value)
    if not is_truthy(exception):
        return None
    if value is None:
        raise RubyError("TypeError", "nil stands where Integer() wants a number", "set it first")
    raise RubyError("ArgumentError", "Integer() wants a number, not this text", "give it digits")


def _array(call: MethodCall, receiver: Value, value: Value) -> Value:
    if value is None or isinstance(value, list):
        return value or []
    items = items_of(value, call)
    return [value] if items is None else items


def _unsupported(call: MethodCall, receiver: Value, *values: Value) -> Value:
    raise UnsupportedError(f"`{call.name}`")


_UNSUPPORTED = (
    "at_exit", "catch", "eval", "exec", "exit", "fork", "gets", "lambda", "load", "loop", "open",
    "proc", "rand", "require_relative", "sleep", "spawn", "system", "throw", "trap",
)  # fmt: skip
KERNEL: Methods = {
    "Array": _array,
    "Integer": _integer,
    "String": lambda call, receiver, value: call.text(value),
    "URI": lambda call, receiver, text: parse_uri(call, receiver, text),
    "__dir__": lambda call, receiver: ".",
    "abort": _abort,
    "fail": _raise,
    "format": _format,
    "p": _print,
    "print": _print,
    "puts": _print,
    "raise": _raise,
    "require": _require,
    "sprintf": _format,
    "warn": _print,
    **dict.fromkeys(_UNSUPPORTED, _unsupported),
}
