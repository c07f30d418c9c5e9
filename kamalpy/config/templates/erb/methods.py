"""The table of all methods that templates can call by the class of the receiver, and constants."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

from kamalpy.config.document.ruby import is_blank
from kamalpy.config.gem_version import KAMAL
from kamalpy.config.templates.context import MAX_BITS, RenderContext
from kamalpy.config.templates.template_errors import (
    LimitError,
    RenderError,
    RubyError,
    UnsupportedError,
)

from .collections import ARRAY, HASH, OF_PAIRS, Hash
from .environ import DOTENV, ENV, load
from .libraries import LIBRARIES, TEMPLATE, TIME, URI
from .strings import STRING, match_position
from .values import (
    Method,
    MethodCall,
    Methods,
    Module,
    Range,
    Value,
    class_name,
    compare,
    describe,
    expect,
    inspect,
    is_equal,
    is_truthy,
    spelled,
    to_json,
)

_RUBY = "3.3.7"
_VALUES = {"Kamal::VERSION": KAMAL, "RUBY_ENGINE": "ruby", "RUBY_PLATFORM": "x86_64-linux"}
_PARENTS = {
    "Dotenv::FormatError": "SyntaxError", "KeyError": "IndexError", "LoadError": "ScriptError",
    "NoMethodError": "NameError", "ScriptError": "Exception", "StandardError": "Exception",
    "SyntaxError": "ScriptError", "SystemExit": "Exception",
}  # fmt: skip
_ERROR = re.compile(r"(?:\w+::)?\w*Error|Errno::\w+|Exception|SystemExit")
_OF_RUBY = ("ARGV", "CSV", "DATA", "GC", "KAMAL", "STDERR", "STDIN", "STDOUT")


def constant(name: str, context: RenderContext) -> Value:
    """Return the value of a constant: the template's own, or one of Ruby's."""
    if name in context.shared.variables:
        return context.shared.variables[name]
    if name in ("RUBY_VERSION", "RUBY_ENGINE_VERSION"):
        return context.environ.get("RUBY_VERSION", _RUBY)
    if name in _VALUES:
        return _VALUES[name]
    if name == "Dotenv" and not {"dotenv", "dotenv/load"} & context.shared.libraries:
        how = 'write require "dotenv" before it, as Kamal needs'
        raise RubyError("NameError", "Dotenv is not loaded", how)
    if name in MODULES or _ERROR.fullmatch(name):
        return Module(name)
    if name.partition("::")[0] == "Rails":
        how = "read the value from ENV"
        raise RubyError("NameError", "neither Kamal nor kamalpy loads Rails", how)
    if name.isupper() and "::" not in name and name not in _OF_RUBY:
        how = f'a variable is written ENV["{name}"]'
        raise RubyError("NameError", f"there is no constant {name}", how)
    raise UnsupportedError(f"the constant {name}")


def is_kind_of(kind: str, ancestor: str) -> bool:
    """Tell whether an exception is of a class."""
    while kind not in (ancestor, "Exception"):
        parent = "SystemCallError" if kind.startswith("Errno::") else "StandardError"
        kind = _PARENTS.get(kind, parent)
    return kind == ancestor


_LIBRARIES = (
    "active_support", "base64", "bundler/setup", "cgi", "date", "dotenv", "dotenv/load", "erb",
    "etc", "fileutils", "json", "kamal", "net/ssh", "open3", "ostruct", "pathname", "securerandom",
    "set", "shellwords", "socket", "time", "uri", "yaml",
)  # fmt: skip
_UNSUPPORTED = (
    "Array", "Float", "Integer", "String", "URI", "__FILE__", "__dir__", "__method__", "abort",
    "at_exit", "binding", "catch", "eval", "exec", "exit", "fail", "fork", "format", "gets",
    "lambda", "load", "loop", "open", "p", "print", "printf", "proc", "puts", "rand",
    "require_relative", "sleep", "spawn", "sprintf", "system", "throw", "trap", "warn",
)  # fmt: skip


_OPERATORS: dict[str, Callable[[int, int], int]] = {
    "%": operator.mod, "*": operator.mul, "+": operator.add, "-": operator.sub,
    "/": operator.floordiv,
}  # fmt: skip


def _calculate(call: MethodCall, number: int, other: Value) -> int:
    if call.name in ("/", "%") and other == 0:
        raise RubyError("ZeroDivisionError", "a number is divided by 0")
    if number.bit_length() + expect(other, int).bit_length() > MAX_BITS:
        raise LimitError("a number grows too large")
    return _OPERATORS[call.name](number, expect(other, int))


def _raise(call: MethodCall, receiver: Value, error: Value = None, message: Value = None) -> Value:
    if isinstance(error, Module) and _ERROR.fullmatch(error.name):
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
        load(call, receiver)
    return is_new


def _unsupported(call: MethodCall, receiver: Value, *values: Value) -> Value:
    raise UnsupportedError(f"`{call.name}`")


OBJECT: Methods = {
    "..": lambda call, first, last: Range(first, last),
    "...": lambda call, first, last: Range(first, last, exclusive=True),
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
    **dict.fromkeys(_OPERATORS, _calculate),
    "-@": lambda call, number: -number,
    "to_i": lambda call, number: number,
}
NIL: Methods = {"=~": lambda call, text, pattern: None, "to_i": lambda call, nothing: 0}
REGEXP: Methods = {
    "=~": lambda call, pattern, text: match_position(call, text, pattern),
    "match?": lambda call, pattern, text: match_position(call, text, pattern) is not None,
}
FUNCTIONS: Methods = {
    "raise": _raise,
    "require": _require,
    **dict.fromkeys(_UNSUPPORTED, _unsupported),
}

METHODS: dict[str, Methods] = {
    "Array": ARRAY,
    "ERB": TEMPLATE,
    "Hash": HASH,
    "Integer": INTEGER,
    "NilClass": NIL,
    "Regexp": REGEXP,
    "String": STRING,
    "Symbol": {"to_sym": lambda call, symbol: symbol},
    "Time": TIME,
    "URI::Generic": URI,
}
MODULES: dict[str, Methods] = LIBRARIES | {"Dotenv": DOTENV, "ENV": ENV}
_JINJA = {
    "each_slice": "{{ items | batch(2) }}",
    "group_by": "{{ items | groupby('name') }}",
    "in_groups_of": "{{ items | batch(2) }}",
    "sample": "{{ items | random }}",
    "titleize": "{{ text | title }}",
    "truncate": "{{ text | truncate(20) }}",
}


def call_method(
    call: MethodCall, receiver: Value, values: list[Value], pairs: Hash | None = None
) -> Value:
    """Call a method by its name in Ruby."""
    method = _method(receiver, call.name)
    if method is None and isinstance(receiver, dict) and call.name in OF_PAIRS:
        method, receiver = ARRAY[call.name], [[key, item] for key, item in receiver.items()]
    if method is None:
        raise _unknown_method(receiver, call.name)
    call.meter.spend()
    return call.invoke(method, receiver, values, pairs or {})


def call_function(call: MethodCall, values: list[Value], pairs: Hash) -> Value:
    """Call a method without a receiver."""
    name = call.name
    if name in FUNCTIONS:
        return call.invoke(FUNCTIONS[name], None, values, pairs)
    if name in ("_1", "_2", "it"):
        raise UnsupportedError(f"`{name}`, a parameter without a name", "{% for name in items %}")
    if values or call.block or pairs:
        how = "write the call in another way"
        raise RubyError("NameError", f"there is no method `{name}`", how)
    how = f'quote it if it is text, or assign it first; a variable is ENV["{name.upper()}"]'
    raise RubyError("NameError", f"there is no local variable or method `{name}`", how)


def has_method(receiver: Value, name: str) -> bool:
    """Tell whether a value has a method of this name."""
    return _method(receiver, name) is not None


def _method(receiver: Value, name: str) -> Method | None:
    own = MODULES.get(receiver.name, {}) if isinstance(receiver, Module) else {}
    return own.get(name) or METHODS.get(class_name(receiver), {}).get(name) or OBJECT.get(name)


def _unknown_method(receiver: Value, name: str) -> RenderError:
    if receiver is None and name not in ("&", "|"):
        safe = f", or write &.{name} where nil may stand" if name[0].isalpha() else ""
        what = f"{spelled(name)} is called on nil"
        return RubyError("NoMethodError", what, f"give it a value{safe}")
    if isinstance(receiver, Module):
        return UnsupportedError(f"`{receiver.name}.{name}`")
    if isinstance(receiver, str) and (name == "<<" or name.endswith("!")):
        other = "text += other" if name == "<<" else f"text = text.{name[:-1]}"
        what = f"`{name}`, which changes a string in place ({other} does not),"
        return UnsupportedError(what, "{% set text = text ~ other %}")
    what = f"the method {spelled(name)} of {describe(receiver)}"
    return UnsupportedError(what, _JINJA.get(name, ""))
