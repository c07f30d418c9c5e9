"""The constants that a template can name."""

from __future__ import annotations

from kamalpy.config.minimum import KAMAL
from kamalpy.config.templates.context import RenderContext
from kamalpy.config.templates.evaluation.values import Module, Value
from kamalpy.config.templates.template_errors import RubyError, UnsupportedError

from .errors import ERRORS

_RUBY = "3.3.7"
_CLASSES = ERRORS | {
    "Array", "CGI", "Dir", "Dotenv", "ENV", "ERB", "ERB::Util", "FalseClass", "File", "Float",
    "Hash", "Integer", "JSON", "Kamal::Utils", "NilClass", "Numeric", "Object", "Range", "String",
    "Symbol", "Time", "TrueClass", "URI", "YAML",
}  # fmt: skip
_VALUES: dict[str, Value] = {
    "Kamal::VERSION": KAMAL,
    "RUBY_ENGINE": "ruby",
    "RUBY_PLATFORM": "x86_64-linux",
}
_OF_RUBY = ("ARGF", "ARGV", "CSV", "DATA", "GC", "KAMAL", "PP", "STDERR", "STDIN", "STDOUT")


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
    if name in _CLASSES:
        return Module(name)
    if name.partition("::")[0] == "Rails":
        how = "read the value from ENV"
        raise RubyError("NameError", "neither Kamal nor kamalpy loads Rails", how)
    if name.isupper() and "::" not in name and name not in _OF_RUBY:
        how = f'a variable is written ENV["{name}"]'
        raise RubyError("NameError", f"there is no constant {name}", how)
    raise UnsupportedError(f"the constant {name}")
