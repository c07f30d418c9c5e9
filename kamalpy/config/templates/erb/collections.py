"""Methods of arrays, hashes and ranges."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from functools import cmp_to_key
from typing import TypeAlias

from kamalpy.config.templates.limits import MAX_SIZE, Meter
from kamalpy.config.templates.template_errors import LimitError, RubyError, UnsupportedError

from .calls import MethodCall, Methods
from .formatting import inspect
from .strings import item_at
from .values import Range, Symbol, Value, as_key, compare, expect, is_equal, is_truthy

Items: TypeAlias = list[Value]
Hash: TypeAlias = dict[Value, Value]


def items_of(value: Value, meter: Meter) -> Items | None:
    """Return what a hash, a range or nil holds; None for other values."""
    if value is None:
        return []
    if isinstance(value, dict):
        return [[key, item] for key, item in value.items()]
    if not isinstance(value, Range):
        return None
    if value.last is None:
        raise LimitError("this range has no end", "give it a last value")
    first, last = expect(value.first, int), expect(value.last, int)
    size = max(last - first + (not value.exclusive), 0)
    meter.allocate(min(size, MAX_SIZE + 1))
    return list(range(first, first + size))


def is_blank(value: Value) -> bool:
    """Tell whether a value is blank, as ActiveSupport has it."""
    if isinstance(value, str):
        return not value.strip()
    return not value if isinstance(value, (list, dict)) else not is_truthy(value)


def dig(call: MethodCall, value: Value, key: Value, *more: Value) -> Value:
    """``dig``: index after index, nil as soon as one is nil."""
    found = call.send(value, "[]", key)
    return found if not more or found is None else dig(call, found, *more)


def _contains(call: MethodCall, items: Items, value: Value) -> bool:
    return any(is_equal(item, value, call.meter) for item in items)


def _unique(call: MethodCall, items: Items) -> Items:
    keys: Items = []
    found: Items = []
    for item in items:
        key = call.run(item) if call.block else item
        if not _contains(call, keys, key):
            keys.append(key)
            found.append(item)
    return found


def flatten(call: MethodCall, items: Items) -> Items:
    """``flatten``: the items of all arrays in an array."""
    call.meter.enter()
    found: Items = []
    for item in items:
        found += flatten(call, item) if isinstance(item, list) else [item]
        call.meter.allocate(len(found))
    call.meter.leave()
    return found


def _join(call: MethodCall, items: Items, separator: Value = "") -> str:
    texts, mark = list(map(call.text, flatten(call, items))), expect(separator, str)
    call.meter.allocate(sum(map(len, texts)) + len(mark) * len(texts))
    return mark.join(texts)


def _times(call: MethodCall, items: Items, other: Value) -> Value:
    if isinstance(other, str):
        return _join(call, items, other)
    call.meter.allocate(min(len(items) * max(expect(other, int), 0), MAX_SIZE + 1))
    return items * expect(other, int)


def _push(call: MethodCall, items: Items, *values: Value) -> Items:
    call.meter.allocate(len(items) + len(values))
    items.extend(values)
    return items


def _set_item(call: MethodCall, items: Items, index: Value, value: Value) -> Value:
    if not 0 <= expect(index, int) < len(items):
        raise UnsupportedError("an index outside of the array")
    items[expect(index, int)] = value
    return value


def _item(call: MethodCall, items: Items, index: Value, *default: Value) -> Value:
    if -len(items) <= expect(index, int) < len(items):
        return items[expect(index, int)]
    if default or call.block:
        return default[0] if default else call.run(index)
    raise RubyError("IndexError", f"the array has no item {index}", "give it a default")


def _each(call: MethodCall, items: Items) -> Items:
    for item in list(items):
        call.run(item)
    return items


def _map(call: MethodCall, items: Items) -> Items:
    return call.listed([call.run(item) for item in items])


def _with_index(call: MethodCall, items: Items) -> Items:
    """``each_with_index``; without a block the pairs, for ``map``."""
    pairs: Items = [[item, index] for index, item in enumerate(items)]
    return pairs if call.block is None else [call.run(pair) for pair in pairs] and items


def _with_object(call: MethodCall, items: Items, made: Value) -> Value:
    for item in items:
        call.run(item, made)
    return made


def _flat_map(call: MethodCall, items: Items) -> Items:
    found: Items = []
    for value in _map(call, items):
        found += value if isinstance(value, list) else [value]
    return call.listed(found)


def _filter_map(call: MethodCall, items: Items) -> Items:
    return list(filter(is_truthy, _map(call, items)))


def _holding(call: MethodCall, items: Items) -> list[bool]:
    return [call.holds(item) if call.block else is_truthy(item) for item in items]


def _kept(wanted: bool) -> Callable[[MethodCall, Items], Items]:
    return lambda call, items: [item for item in items if call.holds(item) is wanted]


def _find(call: MethodCall, items: Items) -> Value:
    return next((item for item in items if call.holds(item)), None)


def _sort(call: MethodCall, items: Items) -> Items:
    if call.block is not None and call.name != "sort_by":
        raise UnsupportedError(f".{call.name} with a block (.sort_by is)", "{{ items | sort }}")
    order = cmp_to_key(lambda one, other: compare(one, other, call.meter))
    return sorted(items, key=lambda item: order(call.run(item) if call.block else item))


def _first(call: MethodCall, items: Items, size: Value = None) -> Value:
    return (items[0] if items else None) if size is None else items[: expect(size, int)]


def _last(call: MethodCall, items: Items, size: Value = None) -> Value:
    if size is None:
        return items[-1] if items else None
    return items[max(len(items) - expect(size, int), 0) :]


def _sum(call: MethodCall, items: Items, start: Value = 0) -> Value:
    for item in items:
        start = call.send(start, "+", call.run(item) if call.block else item)
    return start


def _to_h(call: MethodCall, items: Items) -> Hash:
    pairs = [expect(call.run(item) if call.block else item, list) for item in items]
    return {as_key(key): value for key, value in pairs}


def _without(call: MethodCall, items: Items, other: Value) -> Items:
    return [item for item in items if not _contains(call, expect(other, list), item)]


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
    shown = inspect(key, call.meter)
    how = f'give it a default: .fetch({shown}, "...")'
    how = f"did you mean {inspect(names[near[0]], call.meter)}?" if near else how
    raise RubyError("KeyError", f"the hash has no key {shown}", how, f"key not found: {shown}")


def _kept_pairs(wanted: bool) -> Callable[[MethodCall, Hash], Hash]:
    return lambda call, table: {k: v for k, v in table.items() if call.holds(k, v) is wanted}


def _each_pair(call: MethodCall, table: Hash) -> Hash:
    return (_each(call, [[key, value] for key, value in table.items()]) and table) or table


def _merge(call: MethodCall, table: Hash, *others: Value) -> Hash:
    merged = dict(table)
    for other in others:
        merged |= expect(other, dict)
    call.meter.allocate(len(merged))
    return merged


def _slice(call: MethodCall, table: Hash, *keys: Value) -> Hash:
    return {key: table[key] for key in map(as_key, keys) if key in table}


def _except(call: MethodCall, table: Hash, *keys: Value) -> Hash:
    return {key: value for key, value in table.items() if key not in keys}


def _values_at(call: MethodCall, table: Hash, *keys: Value) -> Items:
    return [table.get(as_key(key)) for key in keys]


def _has_key(call: MethodCall, table: Hash, key: Value) -> bool:
    return as_key(key) in table


ENUMERABLE: Methods = {
    "all?": lambda call, items: all(_holding(call, items)),
    "any?": lambda call, items: any(_holding(call, items)),
    "collect": _map,
    "count": lambda call, items: sum(_holding(call, items)) if call.block else len(items),
    "detect": _find,
    "drop": lambda call, items, size: items[expect(size, int) :],
    "each": _each,
    "each_with_index": _with_index,
    "each_with_object": _with_object,
    "filter": _kept(True),
    "filter_map": _filter_map,
    "find": _find,
    "first": _first,
    "flat_map": _flat_map,
    "include?": _contains,
    "map": _map,
    "max": lambda call, items: _last(call, _sort(call, items)),
    "min": lambda call, items: _first(call, _sort(call, items)),
    "none?": lambda call, items: not any(_holding(call, items)),
    "reject": _kept(False),
    "select": _kept(True),
    "size": lambda call, items: len(items),
    "sort": _sort,
    "sort_by": _sort,
    "sum": _sum,
    "take": lambda call, items, size: items[: expect(size, int)],
    "to_a": lambda call, items: items,
    "to_h": _to_h,
    "uniq": _unique,
}
ARRAY: Methods = ENUMERABLE | {
    "*": _times,
    "+": lambda call, items, other: call.listed(items + expect(other, list)),
    "-": _without,
    "<<": _push,
    "[]": item_at,
    "[]=": _set_item,
    "compact": lambda call, items: [item for item in items if item is not None],
    "compact_blank": lambda call, items: [item for item in items if not is_blank(item)],
    "dig": dig,
    "empty?": lambda call, items: not items,
    "fetch": _item,
    "flatten": flatten,
    "join": _join,
    "last": _last,
    "length": lambda call, items: len(items),
    "push": _push,
    "reverse": lambda call, items: items[::-1],
    "|": lambda call, items, other: _unique(call, items + expect(other, list)),
}
HASH: Methods = {
    "[]": _get,
    "[]=": _set,
    "compact": lambda call, table: {k: v for k, v in table.items() if v is not None},
    "delete": lambda call, table, key: table.pop(as_key(key), None),
    "dig": dig,
    "each": _each_pair,
    "each_pair": _each_pair,
    "empty?": lambda call, table: not table,
    "except": _except,
    "fetch": _fetch,
    "filter": _kept_pairs(True),
    "has_key?": _has_key,
    "include?": _has_key,
    "key?": _has_key,
    "keys": lambda call, table: list(table),
    "length": lambda call, table: len(table),
    "merge": _merge,
    "reject": _kept_pairs(False),
    "select": _kept_pairs(True),
    "slice": _slice,
    "symbolize_keys": lambda call, table: {Symbol(call.text(k)): v for k, v in table.items()},
    "transform_values": lambda call, table: {k: call.run(v) for k, v in table.items()},
    "values": lambda call, table: list(table.values()),
    "values_at": _values_at,
}
