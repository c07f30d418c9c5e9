"""Methods of arrays and hashes."""

from __future__ import annotations

import difflib
from functools import cmp_to_key
from typing import Any, TypeAlias

from kamalpy.config.templates.template_errors import RubyError

from .strings import item_at
from .values import (
    MethodCall,
    Methods,
    Value,
    as_key,
    compare,
    expect,
    inspect,
    is_equal,
    is_truthy,
)

Items: TypeAlias = list[Value]
Hash: TypeAlias = dict[Value, Value]


def flatten(call: MethodCall, items: Items) -> Items:
    """``flatten``: the items of all arrays in an array."""
    call.meter.enter()
    found: Items = []
    for item in items:
        found += flatten(call, item) if isinstance(item, list) else [item]
        call.meter.allocate(len(found))
    call.meter.leave()
    return found


def _dig(call: MethodCall, value: Value, key: Value, *more: Value) -> Value:
    found = (
        value.get(as_key(key))
        if isinstance(value, dict)
        else item_at(call, expect(value, list), key)
    )
    return found if not more or found is None else _dig(call, found, *more)


def _contains(call: MethodCall, items: Items, value: Value) -> bool:
    return any(is_equal(item, value, call.meter) for item in items)


def _unique(call: MethodCall, items: Items) -> Items:
    found: Items = []
    for item in items:
        found += [] if _contains(call, found, item) else [item]
    return found


def _join(call: MethodCall, items: Items, separator: Value = "") -> str:
    texts, mark = list(map(call.text, flatten(call, items))), expect(separator, str)
    call.meter.allocate(sum(map(len, texts)) + len(mark) * len(texts))
    return mark.join(texts)


def _each(call: MethodCall, items: Items) -> Items:
    for item in items:
        call.run(item)
    return items


def _flat_map(call: MethodCall, items: Items) -> Items:
    found: Items = []
    for item in items:
        value = call.run(item)
        found += value if isinstance(value, list) else [value]
        call.meter.allocate(len(found))
    return found


def _with_index(call: MethodCall, items: Items) -> Items:
    """``each_with_index``; without a block the pairs, for ``map``."""
    pairs: Items = [[item, index] for index, item in enumerate(items)]
    return items if call.block and _each(call, pairs) else pairs


def _holding(call: MethodCall, items: Items) -> list[bool]:
    return [call.holds(item) if call.block else is_truthy(item) for item in items]


def _sort(call: MethodCall, items: Items) -> Items:
    order = cmp_to_key(lambda one, other: compare(one, other, call.meter))
    return sorted(items, key=order)


def _first(call: MethodCall, items: Items, size: Value = None) -> Value:
    return (items[0] if items else None) if size is None else items[: expect(size, int)]


def _last(call: MethodCall, items: Items, size: Value = None) -> Value:
    if size is None:
        return items[-1] if items else None
    return items[max(len(items) - expect(size, int), 0) :]


def _fetch(call: MethodCall, collection: Any, key: Value, *default: Value) -> Value:
    """``fetch`` of hashes and arrays."""
    keys = (
        list(collection)
        if isinstance(collection, dict)
        else list(range(-len(collection), len(collection)))
    )
    if as_key(key) in keys:
        return collection[key]
    if default or call.block:
        return default[0] if default else call.run(key)
    shown = inspect(key, call.meter)
    if isinstance(collection, list):
        raise RubyError("IndexError", f"the array has no item {shown}", "give it a default")
    names = {str(getattr(each, "name", each)): each for each in keys}
    near = difflib.get_close_matches(str(getattr(key, "name", key)), names, 1)
    how = f'give it a default: .fetch({shown}, "...")'
    how = f"did you mean {inspect(names[near[0]], call.meter)}?" if near else how
    raise RubyError("KeyError", f"the hash has no key {shown}", how)


def _merge(call: MethodCall, table: Hash, *others: Value) -> Hash:
    merged = dict(table)
    for other in others:
        merged |= expect(other, dict)
    return merged


ARRAY: Methods = {
    "+": lambda call, items, other: items + expect(other, list),
    "[]": item_at,
    "all?": lambda call, items: all(_holding(call, items)),
    "any?": lambda call, items: any(_holding(call, items)),
    "compact": lambda call, items: [item for item in items if item is not None],
    "dig": _dig,
    "each": _each,
    "each_with_index": _with_index,
    "empty?": lambda call, items: not items,
    "fetch": _fetch,
    "first": _first,
    "flat_map": _flat_map,
    "flatten": flatten,
    "include?": _contains,
    "join": _join,
    "last": _last,
    "length": lambda call, items: len(items),
    "map": lambda call, items: [call.run(item) for item in items],
    "reject": lambda call, items: [item for item in items if not call.holds(item)],
    "reverse": lambda call, items: items[::-1],
    "select": lambda call, items: [item for item in items if call.holds(item)],
    "size": lambda call, items: len(items),
    "sort": _sort,
    "uniq": _unique,
}
OF_PAIRS = ("all?", "any?", "each", "each_with_index", "first", "flat_map", "map", "sort")
HASH: Methods = {
    "[]": lambda call, table, key: table.get(as_key(key)),
    "compact": lambda call, table: {k: v for k, v in table.items() if v is not None},
    "dig": _dig,
    "empty?": lambda call, table: not table,
    "fetch": _fetch,
    "include?": lambda call, table, key: as_key(key) in table,
    "key?": lambda call, table, key: as_key(key) in table,
    "keys": lambda call, table: list(table),
    "length": lambda call, table: len(table),
    "merge": _merge,
    "reject": lambda call, table: {k: v for k, v in table.items() if not call.holds(k, v)},
    "select": lambda call, table: {k: v for k, v in table.items() if call.holds(k, v)},
    "size": lambda call, table: len(table),
    "values": lambda call, table: list(table.values()),
}
