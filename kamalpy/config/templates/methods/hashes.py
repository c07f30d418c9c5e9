"""Methods of hashes."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import TypeAlias

from kamalpy.config.templates.evaluation.formatting import inspect
from kamalpy.config.templates.evaluation.values import (
    Symbol,
    Value,
    as_key,
    is_equal,
    to_hash,
)
from kamalpy.config.templates.template_errors import RubyError

from .arrays import dig
from .calls import MethodCall, Methods

Hash: TypeAlias = dict[Value, Value]


def _get(call: MethodCall, table: Hash, key: Value) -> Value:
    return table.get(as_key(key))


def _set(call: MethodCall, table: Hash, key: Value, value: Value) -> Value:
    call.meter.allocate(len(table) + 1)
    table[as_key(key)] = value
    return value


def _fetch(call: MethodCall, table: Hash, key: Value, *default: Value) -> Value:
    if as_key(key) in table:
        return table[key]
    if default or call.block:
        return default[0] if default else call.run(key)
    names = {str(getattr(each, "name", each)): each for each in table}
    near = difflib.get_close_matches(str(getattr(key, "name", key)), names, 1)
    guess = f"did you mean {inspect(names[near[0]], call.meter)}?" if near else "add it"
    shown = inspect(key, call.meter)
    raise RubyError("KeyError", f"the hash has no key {shown}", guess, f"key not found: {shown}")


def _each(call: MethodCall, table: Hash) -> Value:
    for key, value in list(table.items()):
        call.run([key, value])
    return table


def _kept(wanted: bool) -> Callable[[MethodCall, Hash], Hash]:
    return lambda call, table: {k: v for k, v in table.items() if call.holds(k, v) is wanted}


def _merge(call: MethodCall, table: Hash, *others: Value) -> Hash:
    merged = dict(table)
    for other in others:
        merged |= to_hash(other)
    call.meter.allocate(len(merged))
    return merged


def _update(call: MethodCall, table: Hash, *others: Value) -> Hash:
    table |= _merge(call, table, *others)
    return table


def _slice(call: MethodCall, table: Hash, *keys: Value) -> Hash:
    return {key: table[key] for key in map(as_key, keys) if key in table}


def _except(call: MethodCall, table: Hash, *keys: Value) -> Hash:
    return {key: value for key, value in table.items() if key not in map(as_key, keys)}


def _has_value(call: MethodCall, table: Hash, value: Value) -> bool:
    return any(is_equal(item, value, call.meter) for item in table.values())


def _any(call: MethodCall, table: Hash) -> bool:
    return (
        any(call.holds(key, value) for key, value in table.items()) if call.block else bool(table)
    )


def _transform_keys(call: MethodCall, table: Hash) -> Hash:
    return {as_key(call.run(key)): value for key, value in table.items()}


def _has_key(call: MethodCall, table: Hash, key: Value) -> bool:
    return as_key(key) in table


HASH: Methods = {
    "[]": _get,
    "[]=": _set,
    "any?": _any,
    "compact": lambda call, table: {k: v for k, v in table.items() if v is not None},
    "delete": lambda call, table, key: table.pop(as_key(key), None),
    "dig": dig,
    "each": _each,
    "each_pair": _each,
    "empty?": lambda call, table: not table,
    "except": _except,
    "fetch": _fetch,
    "filter": _kept(True),
    "has_key?": _has_key,
    "include?": _has_key,
    "key?": _has_key,
    "keys": lambda call, table: call.listed(list(table)),
    "length": lambda call, table: len(table),
    "merge": _merge,
    "merge!": _update,
    "reject": _kept(False),
    "select": _kept(True),
    "slice": _slice,
    "store": _set,
    "stringify_keys": lambda call, table: {call.text(k): v for k, v in table.items()},
    "symbolize_keys": lambda call, table: {Symbol(call.text(k)): v for k, v in table.items()},
    "to_h": lambda call, table: table,
    "transform_keys": _transform_keys,
    "transform_values": lambda call, table: {k: call.run(v) for k, v in table.items()},
    "update": _update,
    "value?": _has_value,
    "values": lambda call, table: call.listed(list(table.values())),
    "values_at": lambda call, table, *keys: [table.get(as_key(key)) for key in keys],
}
