"""The table of all methods that templates can call, by the class of the receiver."""

from __future__ import annotations

from kamalpy.config.templates.context import RenderContext
from kamalpy.config.templates.template_errors import RenderError, RubyError, UnsupportedError

from .calls import Method, MethodCall, Methods, spelled
from .collections import ARRAY, HASH, OF_PAIRS
from .environ import DOTENV, ENV
from .files import FILE
from .libraries import LIBRARIES, TEMPLATE, TIME, URI
from .objects import FUNCTIONS, INTEGER, NIL, OBJECT, REGEXP
from .strings import STRING
from .values import Block, Module, Value, class_name, describe

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
MODULES: dict[str, Methods] = LIBRARIES | {"Dotenv": DOTENV, "ENV": ENV, "File": FILE}
_JINJA = {
    "each_slice": "{{ items | batch(2) }}",
    "group_by": "{{ items | groupby('name') }}",
    "in_groups_of": "{{ items | batch(2) }}",
    "sample": "{{ items | random }}",
    "titleize": "{{ text | title }}",
    "truncate": "{{ text | truncate(20) }}",
}


def call_method(
    name: str, receiver: Value, values: list[Value], pairs: dict[Value, Value],
    block: Block | None, context: RenderContext,
) -> Value:  # fmt: skip
    """Call a method by its name in Ruby."""
    method = _method(receiver, name)
    if method is None and isinstance(receiver, dict) and name in OF_PAIRS:
        method, receiver = ARRAY[name], [[key, item] for key, item in receiver.items()]
    if method is None:
        raise _unknown_method(receiver, name)
    context.meter.spend()
    return MethodCall(name, context, block).invoke(method, receiver, values, pairs)


def call_function(
    name: str, values: list[Value], pairs: dict[Value, Value],
    block: Block | None, context: RenderContext,
) -> Value:  # fmt: skip
    """Call a method without a receiver."""
    if name in FUNCTIONS:
        return MethodCall(name, context, block).invoke(FUNCTIONS[name], None, values, pairs)
    if name in ("_1", "_2", "it"):
        raise UnsupportedError(f"`{name}`, a parameter without a name", "{% for name in items %}")
    if values or block or pairs:
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
