"""Constants: which there are, and the methods of those that are called."""

from __future__ import annotations

from collections.abc import Mapping

from kamalpy.config.templates.trouble import Beyond, RubyError, Trouble
from kamalpy.config.templates.values import Module, Template, Value
from kamalpy.config.templates.world import World

from .dotenvs import DOTENV
from .environ import ENV
from .failures import CLASSES, is_error
from .files import DIR, FILE
from .hashes import HASH_CLASS
from .kernel import KERNEL
from .methods import Call, Methods
from .objects import ERROR_CLASS
from .patterns import REGEXP_CLASS
from .times import TIME_CLASS
from .uris import URI_CLASS

DEFAULT_RUBY = "3.3.7"


def _new_template(
    call: Call, module: Module, text: str, *, trim_mode: Value = None, eoutvar: Value = None
) -> Template:
    if trim_mode not in (None, "-"):
        raise Beyond("a trim_mode other than -")
    return Template(text, trim_mode == "-")


def _new_array(call: Call, module: Module, size: int = 0, value: Value = None) -> Value:
    return (
        call.send([value], "*", size)
        if call.block is None
        else call.send(call.send(size, "times"), "map", block=call.block)
    )


def _new_string(call: Call, module: Module, text: str = "") -> str:
    return text


def _pipe_read(call: Call, module: Module, name: str, *, encoding: Value = None) -> Value:
    if name.startswith("|"):
        raise Beyond("a command in IO.read")
    return call.send(Module("File"), "read", name)


MODULES: Mapping[str, Methods] = {
    "Array": {"new": _new_array},
    "Dir": DIR,
    "Dotenv": DOTENV,
    "ENV": ENV,
    "ERB": {"new": _new_template},
    "File": FILE,
    "FileTest": FILE,
    "Hash": HASH_CLASS,
    "IO": {"read": _pipe_read, "readlines": FILE["readlines"]},
    "Kernel": KERNEL,
    "Regexp": REGEXP_CLASS,
    "String": {"new": _new_string},
    "Time": TIME_CLASS,
    "URI": URI_CLASS,
}
_VALUES: Mapping[str, Value] = {
    "ARGV": (),
    "RUBY_ENGINE": "ruby",
    "RUBY_PLATFORM": "x86_64-linux",
    "RUBY_PATCHLEVEL": 123,
}
_RUBY_VERSIONS = ("RUBY_VERSION", "RUBY_ENGINE_VERSION")
_OF_RUBY = frozenset({
    "ARGF", "CSV", "DATA", "GC", "JSON", "KAMAL", "PP", "STDERR", "STDIN", "STDOUT", "YAML",
})  # fmt: skip
_LINK = {"File::SEPARATOR": "/", "File::Separator": "/"}


def constant(name: str, world: World) -> Value:
    """The value of a constant."""
    if name in _RUBY_VERSIONS:
        return world.environ.get("RUBY_VERSION", DEFAULT_RUBY)
    if name in _VALUES:
        value = _VALUES[name]
        return list(value) if isinstance(value, tuple) else value
    if name in _LINK:
        return _LINK[name]
    if name == "Dotenv" and not {"dotenv", "dotenv/load"} & world.memory.libraries:
        raise RubyError(
            "NameError", "Dotenv is not loaded", 'write require "dotenv" before it, as Kamal needs'
        )
    if name in MODULES or name in CLASSES:
        return Module(name)
    raise unknown_constant(name)


def unknown_constant(name: str) -> Trouble:
    """The error for a constant that is not known here."""
    if name == "Rails" or name.startswith("Rails::"):
        return RubyError(
            "NameError", "Kamal does not load Rails, nor is it here", "read the value from ENV"
        )
    if name.isupper() and "::" not in name and name not in _OF_RUBY:
        return RubyError(
            "NameError", f"there is no constant {name}", f'a variable is written ENV["{name}"]'
        )
    return Beyond(f"the constant {name}")


def methods_of(module: Module) -> Methods:
    """The methods of a constant."""
    if module.name in MODULES:
        return MODULES[module.name]
    return ERROR_CLASS if is_error(module.name) else {}
