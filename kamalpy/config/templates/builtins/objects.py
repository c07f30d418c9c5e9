"""Methods that every value has, and those of nil, true, false, symbols and exceptions."""

from __future__ import annotations

from kamalpy.config.templates.looks import inspect
from kamalpy.config.templates.trouble import RubyError
from kamalpy.config.templates.values import (
    Failure,
    Hash,
    Match,
    Module,
    Proc,
    Symbol,
    Value,
    class_name,
    key_of,
    same,
    truthy,
)

from .failures import is_a
from .methods import Call, Methods, compare, wrong_kind

_BLANKS = " \t\n\v\f\r\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\u0085" + "".join(
    chr(code) for code in range(0x2000, 0x200B)
)


def is_blank(value: Value) -> bool:
    """ActiveSupport's ``blank?``, which Kamal brings along."""
    if isinstance(value, str):
        return not value.strip(_BLANKS)
    if isinstance(value, list):
        return not value
    if isinstance(value, Hash):
        return not value.entries
    return not truthy(value)


def _is_a(call: Call, value: Value, kind: Value) -> bool:
    if not isinstance(kind, Module):
        raise wrong_kind(kind, "Class")
    return is_a(class_name(value), kind.name)


def _in(call: Call, value: Value, items: Value) -> Value:
    return call.send(items, "include?", value)


def _presence_in(call: Call, value: Value, items: Value) -> Value:
    return value if truthy(_in(call, value, items)) else None


def _tap(call: Call, value: Value) -> Value:
    call.yields(value)
    return value


def _try(call: Call, value: Value, name: Symbol, *arguments: Value) -> Value:
    if value is None:
        return None
    return call.send(value, name.name, *arguments, block=call.block)


def _order(call: Call, value: Value, other: Value) -> Value:
    return compare(value, other, call)


def _instance_of(call: Call, value: Value, kind: Value) -> bool:
    return isinstance(kind, Module) and class_name(value) == kind.name


OBJECT: Methods = {
    "!": lambda call, value: not truthy(value),
    "<=>": _order,
    "==": lambda call, value, other: same(value, other, call.meter),
    "===": lambda call, value, other: same(value, other, call.meter),
    "=~": lambda call, value, other: None,
    "blank?": lambda call, value: is_blank(value),
    "class": lambda call, value: Module(class_name(value)),
    "clone": lambda call, value: value,
    "dup": lambda call, value: value,
    "eql?": lambda call, value, other: key_of(value, call.meter) == key_of(other, call.meter),
    "equal?": lambda call, value, other: value is other,
    "freeze": lambda call, value: value,
    "in?": _in,
    "inspect": lambda call, value: inspect(value, call.meter),
    "instance_of?": _instance_of,
    "is_a?": _is_a,
    "itself": lambda call, value: value,
    "kind_of?": _is_a,
    "nil?": lambda call, value: value is None,
    "presence": lambda call, value: None if is_blank(value) else value,
    "presence_in": _presence_in,
    "present?": lambda call, value: not is_blank(value),
    "tap": _tap,
    "then": lambda call, value: call.yields(value),
    "to_s": lambda call, value: call.text(value),
    "try": _try,
    "yield_self": lambda call, value: call.yields(value),
}

NIL: Methods = {
    "&": lambda call, value, other: False,
    "to_a": lambda call, value: [],
    "to_f": lambda call, value: 0.0,
    "to_h": lambda call, value: Hash(),
    "to_i": lambda call, value: 0,
    "|": lambda call, value, other: truthy(other),
}

BOOLEAN: Methods = {
    "&": lambda call, value, other: value and truthy(other),
    "^": lambda call, value, other: value is not truthy(other),
    "|": lambda call, value, other: value or truthy(other),
}


def _symbol_to_proc(call: Call, symbol: Symbol) -> Proc:
    return Proc(lambda value, *rest: call.send(value, symbol.name, *rest), -2, strict=True)


SYMBOL: Methods = {
    "[]": lambda call, symbol, *indices: call.send(symbol.name, "[]", *indices),
    "downcase": lambda call, symbol: Symbol(symbol.name.lower()),
    "empty?": lambda call, symbol: not symbol.name,
    "end_with?": lambda call, symbol, *ends: call.send(symbol.name, "end_with?", *ends),
    "id2name": lambda call, symbol: symbol.name,
    "length": lambda call, symbol: len(symbol.name),
    "name": lambda call, symbol: symbol.name,
    "size": lambda call, symbol: len(symbol.name),
    "start_with?": lambda call, symbol, *starts: call.send(symbol.name, "start_with?", *starts),
    "to_proc": _symbol_to_proc,
    "to_sym": lambda call, symbol: symbol,
    "upcase": lambda call, symbol: Symbol(symbol.name.upper()),
}

FAILURE: Methods = {
    "full_message": lambda call, failure: f"{failure.message} ({failure.kind})",
    "message": lambda call, failure: failure.message,
}

PROC: Methods = {
    "()": lambda call, proc, *values: proc.call(*values),
    "===": lambda call, proc, *values: proc.call(*values),
    "[]": lambda call, proc, *values: proc.call(*values),
    "arity": lambda call, proc: proc.arity,
    "call": lambda call, proc, *values: proc.call(*values),
    "lambda?": lambda call, proc: proc.strict,
    "to_proc": lambda call, proc: proc,
    "yield": lambda call, proc, *values: proc.call(*values),
}


def _group(call: Call, match: Match, which: Value) -> Value:
    if isinstance(which, int):
        return match.group(which)
    name = which.name if isinstance(which, Symbol) else which
    number = match.regexp.program.names.get(name) if isinstance(name, str) else None
    if number is None:
        raise RubyError("IndexError", "the regular expression has no group of this name")
    return match.group(number)


def _captures(call: Call, match: Match) -> list[Value]:
    return [match.group(number) for number in range(1, len(match.spans))]


def _named_captures(call: Call, match: Match) -> Hash:
    names = match.regexp.program.names
    return Hash({("String", name): (name, match.group(number)) for name, number in names.items()})


def _values_at(call: Call, match: Match, *numbers: int) -> list[Value]:
    return [match.group(number) for number in numbers]


def _begin(call: Call, match: Match, number: int) -> Value:
    return _edge(match, number, 0)


def _end(call: Call, match: Match, number: int) -> Value:
    return _edge(match, number, 1)


def _edge(match: Match, number: int, side: int) -> Value:
    span = match.spans[number] if 0 <= number < len(match.spans) else None
    return span[side] if span else None


def _before(call: Call, match: Match) -> str:
    start, _ = match.spans[0] or (0, 0)
    return match.subject[:start]


def _after(call: Call, match: Match) -> str:
    _, end = match.spans[0] or (0, 0)
    return match.subject[end:]


MATCH: Methods = {
    "[]": _group,
    "begin": _begin,
    "captures": _captures,
    "end": _end,
    "named_captures": _named_captures,
    "names": lambda call, match: list(match.regexp.program.names),
    "post_match": _after,
    "pre_match": _before,
    "to_a": lambda call, match: [match.group(0), *_captures(call, match)],
    "to_s": lambda call, match: match.group(0),
    "values_at": _values_at,
}


def _case_equal(call: Call, module: Module, value: Value) -> bool:
    return is_a(class_name(value), module.name)


def _new_failure(call: Call, module: Module, message: Value = None) -> Failure:
    return Failure(module.name, module.name if message is None else call.text(message))


MODULE: Methods = {
    "===": _case_equal,
    "name": lambda call, module: module.name,
}
ERROR_CLASS: Methods = {"exception": _new_failure, "new": _new_failure}
