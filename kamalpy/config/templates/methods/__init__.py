"""The methods that templates can call: one table, by the class of the receiver."""

from __future__ import annotations

from kamalpy.config.templates.evaluation.values import Module, Value, class_name, describe
from kamalpy.config.templates.template_errors import RubyError, UnsupportedError

from .arrays import ARRAY, ENUMERABLE, items_of
from .calls import Arguments, Method, MethodCall, Methods, invoke, spelled
from .constants import constant
from .dotenvs import DOTENV
from .environ import ENV, missing_variable
from .errors import is_kind_of
from .files import DIRECTORY, FILE
from .hashes import HASH
from .kernel import KERNEL
from .libraries import ERB_CLASS, JSON, KAMAL_UTILS, TIME, TIME_CLASS, URI, URI_CLASS, YAML
from .objects import EXCEPTION, INTEGER, MATCH, MODULE, NIL, OBJECT, SYMBOL
from .strings import STRING

__all__ = [
    "Arguments", "MethodCall", "call_method", "constant", "has_method", "is_kind_of",
    "missing_variable", "spelled",
]  # fmt: skip

METHODS: dict[str, Methods] = {
    "Array": ARRAY,
    "Exception": EXCEPTION,
    "Hash": HASH,
    "Integer": INTEGER,
    "MatchData": MATCH,
    "NilClass": NIL,
    "String": STRING,
    "Symbol": SYMBOL,
    "Time": TIME,
    "URI::Generic": URI,
}
MODULES: dict[str, Methods] = {
    "CGI": URI_CLASS,
    "Dir": DIRECTORY,
    "Dotenv": DOTENV,
    "ENV": ENV,
    "ERB": ERB_CLASS,
    "ERB::Util": URI_CLASS,
    "File": FILE,
    "JSON": JSON,
    "Kamal::Utils": KAMAL_UTILS,
    "Time": TIME_CLASS,
    "URI": URI_CLASS,
    "YAML": YAML,
}
_JINJA = {
    "each_slice": "{{ items | batch(2) }}",
    "group_by": "{{ items | groupby('name') }}",
    "in_groups_of": "{{ items | batch(2) }}",
    "pluck": '{{ items | map(attribute="name") | list }}',
    "sample": "{{ items | random }}",
    "titleize": "{{ text | title }}",
    "truncate": "{{ text | truncate(20) }}",
}
_IN_PLACE = ("<<", "concat", "prepend", "insert", "replace", "clear")


def call_method(call: MethodCall, receiver: Value, arguments: Arguments) -> Value:
    """Call a method by its name in Ruby."""
    call.meter.spend()
    if call.is_function:
        if call.name not in KERNEL:
            raise _unknown_name(call, arguments)
        return invoke(KERNEL[call.name], call, receiver, arguments)
    method = _method(receiver, call.name)
    if method is not None:
        return invoke(method, call, receiver, arguments)
    items = items_of(receiver, call) if call.name in ENUMERABLE else None
    if items is None:
        raise _unknown_method(receiver, call.name)
    return invoke(ENUMERABLE[call.name], call, items, arguments)


def has_method(receiver: Value, name: str) -> bool:
    """Tell whether a value has a method of this name."""
    return _method(receiver, name) is not None


def _method(receiver: Value, name: str) -> Method | None:
    methods = METHODS.get(class_name(receiver), {})
    if isinstance(receiver, Module):
        methods = {**MODULE, **MODULES.get(receiver.name, {})}
    return methods.get(name) or OBJECT.get(name)


def _unknown_name(call: MethodCall, arguments: Arguments) -> RubyError:
    name = call.name
    if arguments.values or arguments.block or arguments.keywords:
        how = "write the call in another way"
        return RubyError("NameError", f"there is no method `{name}`", how)
    how = f'quote it if it is text, or assign it first; a variable is ENV["{name.upper()}"]'
    return RubyError("NameError", f"there is no local variable or method `{name}`", how)


def _unknown_method(receiver: Value, name: str) -> RubyError | UnsupportedError:
    if receiver is None:
        other = f", or write &.{name} where nil may stand" if name[0].isalpha() else ""
        what = f"{spelled(name)} is called on nil"
        return RubyError("NoMethodError", what, f"give it a value{other}")
    if isinstance(receiver, Module):
        return UnsupportedError(f"`{receiver.name}.{name}`")
    if isinstance(receiver, str) and (name in _IN_PLACE or name.endswith("!")):
        plain = name.rstrip("!")
        other = "text += other" if name in _IN_PLACE else f"text = text.{plain}"
        what = f"`{name}`, which changes a string in place ({other} does not),"
        return UnsupportedError(what, "{% set text = text ~ other %}")
    what = f"the method {spelled(name)} of {describe(receiver)}"
    return UnsupportedError(what, _JINJA.get(name, ""))
