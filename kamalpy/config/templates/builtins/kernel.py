"""What can be called without a receiver: ``raise``, ``require``, ``format``, ``Integer()``."""

from __future__ import annotations

import re

from kamalpy.config.templates.trouble import Beyond, RubyError, Trouble
from kamalpy.config.templates.values import (
    Failure,
    Hash,
    Module,
    Proc,
    Range,
    Value,
    truthy,
)

from . import dotenvs
from .failures import is_error
from .formatting import format_string
from .hashes import pairs_of
from .methods import Call, Methods, proc_of
from .ranges import items_of
from .uris import parse_uri

_LIBRARIES = frozenset({
    "active_support", "active_support/all", "active_support/core_ext", "base64", "benchmark",
    "bigdecimal", "bundler", "bundler/setup", "csv", "date", "digest", "dotenv", "dotenv/load",
    "English", "erb", "etc", "fileutils", "io/console", "ipaddr", "json", "kamal", "logger",
    "net/http", "net/ssh", "open-uri", "open3", "openssl", "ostruct", "pathname", "pp",
    "rubygems", "securerandom", "set", "shellwords", "singleton", "socket", "stringio",
    "tempfile", "time", "timeout", "tmpdir", "uri", "yaml", "zlib",
})  # fmt: skip
_INTEGER = re.compile(r"\s*([+-]?)(0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7_]+|\d+(?:_\d+)*)\s*")
_FLOAT = re.compile(r"\s*[+-]?\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+)?\s*")
_BASES = {"x": 16, "b": 2, "o": 8}
_MAX_DIGITS = 1_000


def raised(call: Call, arguments: tuple[Value, ...], current: Trouble | None) -> Trouble:
    """The error that ``raise`` with these arguments is."""
    if not arguments:
        return current or RubyError("RuntimeError", "the template gives up (raise)")
    first, message = arguments[0], arguments[1] if len(arguments) > 1 else None
    if isinstance(first, Failure):
        return RubyError(first.kind, call.text(message) if message is not None else first.message)
    if isinstance(first, Module) and is_error(first.name):
        return RubyError(first.name, first.name if message is None else call.text(message))
    if isinstance(first, str):
        return RubyError("RuntimeError", first)
    return RubyError("TypeError", "raise wants a message or an exception")


def _raise(call: Call, receiver: Value, *arguments: Value) -> Value:
    raise raised(call, arguments, None)


def _abort(call: Call, receiver: Value, message: str = "the template gives up (abort)") -> Value:
    raise RubyError("SystemExit", message)


def _require(call: Call, receiver: Value, name: str) -> bool:
    library = name.removesuffix(".rb")
    if library not in _LIBRARIES and not library.startswith("active_support/"):
        raise RubyError(
            "LoadError",
            f'the library "{name}" is not at hand without Ruby',
            "let a real Ruby render this file, with `ruby: true` under x-kamalpy or with --ruby",
        )
    known = call.world.memory.libraries
    fresh = library not in known
    known.add(library)
    if library == "dotenv/load" and fresh:
        dotenvs.load(call.world, [], overwrite=False)
    return fresh


def _nothing(call: Call, receiver: Value, *values: Value) -> Value:
    return None


def _shown(call: Call, receiver: Value, *values: Value) -> Value:
    return None if not values else values[0] if len(values) == 1 else list(values)


def _format(call: Call, receiver: Value, pattern: str, *values: Value) -> str:
    if len(values) == 1 and isinstance(values[0], Hash):
        return format_string(pattern, values[0], call)
    return format_string(pattern, list(values), call)


def _integer(call: Call, receiver: Value, value: Value, *, exception: Value = True) -> Value:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return call.send(value, "to_i")
    found = _INTEGER.fullmatch(value) if isinstance(value, str) else None
    if found is None or len(found[2]) > _MAX_DIGITS:
        return _unreadable("Integer", value, exception)
    digits = found[2].replace("_", "").lower()
    base = _BASES.get(digits[1:2], 8 if digits.startswith("0") and len(digits) > 1 else 10)
    number = int(digits[2:] if digits[1:2] in _BASES else digits, base)
    return -number if found[1] == "-" else number


def _float(call: Call, receiver: Value, value: Value, *, exception: Value = True) -> Value:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return call.send(value, "to_f")
    if not isinstance(value, str) or not _FLOAT.fullmatch(value):
        return _unreadable("Float", value, exception)
    return float(value.replace("_", ""))


def _unreadable(kind: str, value: Value, exception: Value) -> Value:
    if not truthy(exception):
        return None
    if value is None:
        raise RubyError("TypeError", f"nil stands where {kind}() wants a number", "set it first")
    raise RubyError("ArgumentError", f"{kind}() wants a number, not this text", "give it digits")


def _array(call: Call, receiver: Value, value: Value) -> Value:
    if value is None:
        return []
    if isinstance(value, Hash):
        return pairs_of(value)
    if isinstance(value, Range):
        return items_of(value, call)
    return value if isinstance(value, list) else [value]


def _string(call: Call, receiver: Value, value: Value) -> str:
    return call.text(value)


def _uri(call: Call, receiver: Value, text: str) -> Value:
    return parse_uri(text)


def _lambda(call: Call, receiver: Value) -> Value:
    block = proc_of(call)
    return Proc(block.call, block.arity, strict=True)


def _proc(call: Call, receiver: Value) -> Value:
    return proc_of(call)


def _loop(call: Call, receiver: Value) -> Value:
    while True:
        call.yields()


def _beyond(call: Call, receiver: Value, *arguments: Value) -> Value:
    raise Beyond(f"`{call.name}`")


def no_name(name: str, *, called: bool) -> Trouble:
    """The error for a name that stands for nothing."""
    if called:
        what = f"there is no method `{name}`"
        how = "write the call another way"
    else:
        what = f"there is no local variable or method `{name}`"
        how = f"quote it if it is text, or assign it first; a variable is ENV[{name.upper()!r}]"
    return RubyError("NameError", what, how.replace("'", '"'))


_UNKNOWN = (
    "at_exit", "autoload", "caller", "catch", "eval", "exec", "exit", "exit!", "fork", "gets",
    "instance_eval", "instance_variable_get", "instance_variable_set", "load", "method", "open",
    "printf", "putc", "rand", "readline", "require_relative", "send", "set_trace_func", "sleep",
    "spawn", "srand", "syscall", "system", "test", "throw", "trap",
)  # fmt: skip
KERNEL: Methods = {
    "Array": _array,
    "Float": _float,
    "Integer": _integer,
    "String": _string,
    "URI": _uri,
    "abort": _abort,
    "fail": _raise,
    "format": _format,
    "lambda": _lambda,
    "loop": _loop,
    "p": _shown,
    "pp": _shown,
    "print": _nothing,
    "proc": _proc,
    "puts": _nothing,
    "raise": _raise,
    "require": _require,
    "sprintf": _format,
    "warn": _nothing,
    **dict.fromkeys(_UNKNOWN, _beyond),
}
