"""The constants that a template can name, and Ruby's exceptions."""

from __future__ import annotations

from kamalpy.config.gem_version import KAMAL
from kamalpy.config.templates.context import RenderContext
from kamalpy.config.templates.template_errors import RubyError, UnsupportedError

from .values import Module, Value

_RUBY = "3.3.7"
_VALUES = {"Kamal::VERSION": KAMAL, "RUBY_ENGINE": "ruby", "RUBY_PLATFORM": "x86_64-linux"}
_CHILDREN = {
    "Exception": ("ScriptError", "StandardError", "SystemExit"),
    "ScriptError": ("LoadError", "NotImplementedError", "SyntaxError"),
    "SyntaxError": ("Dotenv::FormatError",),
    "StandardError": (
        "ArgumentError", "Dotenv::Error", "IndexError", "JSON::ParserError", "NameError",
        "Psych::SyntaxError", "RuntimeError", "SystemCallError", "TypeError",
        "URI::InvalidURIError", "ZeroDivisionError",
    ),
    "Dotenv::Error": ("Dotenv::MissingKeys",),
    "IndexError": ("KeyError",),
    "NameError": ("NoMethodError",),
    "SystemCallError": ("Errno::EACCES", "Errno::EISDIR", "Errno::ENOENT"),
}  # fmt: skip
_PARENTS = {child: parent for parent, children in _CHILDREN.items() for child in children}
ERRORS = frozenset({"Exception", *_PARENTS})
_MODULES = ERRORS | {
    "Array", "CGI", "Dir", "Dotenv", "ENV", "ERB", "ERB::Util", "FalseClass", "File", "Float",
    "Hash", "Integer", "JSON", "Kamal::Utils", "NilClass", "String", "Symbol", "Time", "TrueClass",
    "URI", "YAML",
}  # fmt: skip
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
    if name in _MODULES:
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
    while kind != ancestor and kind in _PARENTS:
        kind = _PARENTS[kind]
    return kind == ancestor
