"""The table of all methods that templates can call, by the class of the receiver."""

from __future__ import annotations

from kamalpy.config.templates.template_errors import RenderError, RubyError, UnsupportedError

from .calls import Arguments, Method, MethodCall, Methods, invoke, spelled
from .collections import ARRAY, ENUMERABLE, HASH, items_of
from .environ import DOTENV, ENV
from .files import DIRECTORY, FILE
from .libraries import LIBRARIES, TIME, URI
from .objects import FUNCTIONS, OBJECT, OTHERS
from .strings import STRING
from .values import Module, Value, class_name, describe

__all__ = ["call_method", "has_method", "items_of"]

METHODS: dict[str, Methods] = OTHERS | {
    "Array": ARRAY,
    "Hash": HASH,
    "String": STRING,
    "Time": TIME,
    "URI::Generic": URI,
}
MODULES: dict[str, Methods] = LIBRARIES | {
    "Dir": DIRECTORY,
    "Dotenv": DOTENV,
    "ENV": ENV,
    "File": FILE,
}
_JINJA = {
    "each_slice": "{{ items | batch(2) }}",
    "group_by": "{{ items | groupby('name') }}",
    "in_groups_of": "{{ items | batch(2) }}",
    "sample": "{{ items | random }}",
    "titleize": "{{ text | title }}",
    "truncate": "{{ text | truncate(20) }}",
}


def call_method(call: MethodCall, receiver: Value, arguments: Arguments) -> Value:
    """Call a method by its name in Ruby."""
    call.meter.spend()
    if call.is_function:
        method = FUNCTIONS.get(call.name)
        if method is None:
            raise _unknown_function(call, arguments)
        return invoke(method, call, receiver, arguments)
    if receiver == Module("ENV") and call.name not in ENV:
        receiver = dict(call.context.environ)
    method = _method(receiver, call.name)
    items = items_of(receiver, call.meter) if method is None and call.name in ENUMERABLE else None
    if receiver is not None and items is not None:
        return invoke(ENUMERABLE[call.name], call, items, arguments)
    if method is None:
        raise _unknown_method(receiver, call.name)
    return invoke(method, call, receiver, arguments)


def has_method(receiver: Value, name: str) -> bool:
    """Tell whether a value has a method of this name."""
    return _method(receiver, name) is not None


def _method(receiver: Value, name: str) -> Method | None:
    own = MODULES.get(receiver.name, {}) if isinstance(receiver, Module) else {}
    return own.get(name) or METHODS.get(class_name(receiver), {}).get(name) or OBJECT.get(name)


def _unknown_function(call: MethodCall, arguments: Arguments) -> RenderError:
    name = call.name
    if name in ("_1", "_2", "it"):
        return UnsupportedError(f"`{name}`, a parameter without a name", "{% for name in items %}")
    if arguments.values or arguments.block or arguments.keywords:
        how = "write the call in another way"
        return RubyError("NameError", f"there is no method `{name}`", how)
    how = f'quote it if it is text, or assign it first; a variable is ENV["{name.upper()}"]'
    return RubyError("NameError", f"there is no local variable or method `{name}`", how)


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
