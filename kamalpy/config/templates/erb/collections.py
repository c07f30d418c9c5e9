"""Methods of arrays, hashes and ranges."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from functools import cmp_to_key
from typing import Any, TypeAlias

from kamalpy.config.templates.limits import MAX_SIZE, Meter
from kamalpy.config.templates.template_errors import LimitError, RubyError, UnsupportedError

from .calls import MethodCall, Methods
from .formatting import inspect
from .strings import item_at
from .values import Range, Value, as_key, compare, expect, is_equal, is_truthy

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
    found = call.send(value, "[]", key)
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


def _times(call: MethodCall, items: Items, other: Value) -> Value:
    if isinstance(other, str):
        return _join(call, items, other)
    call.meter.allocate(min(len(items) * max(expect(other, int), 0), MAX_SIZE + 1))
    return items * expect(other, int)


def _push(call: MethodCall, items: Items, *values: Value) -> Items:
    call.meter.allocate(len(items) + len(values))
    items.extend(values)
    return items


def _each(call: MethodCall, items: Items) -> Items:
    for item in list(items):
        call.run(item)
    return items


def _map(call: MethodCall, items: Items) -> Items:
    return call.listed([call.run(item) for item in items])


def _flat_map(call: MethodCall, items: Items) -> Items:
    found: Items = []
    for value in _map(call, items):
        found += value if isinstance(value, list) else [value]
    return call.listed(found)


def _with_index(call: MethodCall, items: Items) -> Items:
    """``each_with_index``; without a block the pairs, for ``map``."""
    pairs: Items = [[item, index] for index, item in enumerate(items)]
    return _each(call, pairs) and items if call.block else pairs


def _holding(call: MethodCall, items: Items) -> list[bool]:
    return [call.holds(item) if call.block else is_truthy(item) for item in items]


def _kept(wanted: bool) -> Callable[[MethodCall, Items], Items]:
    return lambda call, items: [item for item in items if call.holds(item) is wanted]


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


def _to_h(call: MethodCall, items: Items) -> Hash:
    pairs = [expect(call.run(item) if call.block else item, list) for item in items]
    return {as_key(key): value for key, value in pairs}


def _without(call: MethodCall, items: Items, other: Value) -> Items:
    return [item for item in items if not _contains(call, expect(other, list), item)]


def _set(call: MethodCall, table: Hash, key: Value, value: Value) -> Value:
    call.meter.allocate(len(table) + 1)
    table[as_key(key)] = value
    return value


def _fetch(call: MethodCall, held: Any, key: Value, *default: Value) -> Value:
    """``fetch`` of hashes and arrays."""
    keys = list(held) if isinstance(held, dict) else list(range(-len(held), len(held)))
    if as_key(key) in keys:
        return held[key]
    if default or call.block:
        return default[0] if default else call.run(key)
    shown = inspect(key, call.meter)
    if isinstance(held, list):
        raise RubyError("IndexError", f"the array has no item {shown}", "give it a default")
    names = {str(getattr(each, "name", each)): each for each in keys}
    near = difflib.get_close_matches(str(getattr(key, "name", key)), names, 1)
    how = f'give it a default: .fetch({shown}, "...")'
    how = f"did you mean {inspect(names[near[0]], call.meter)}?" if near else how
    raise RubyError("KeyError", f"the hash has no key {shown}", how, f"key not found: {shown}")


def _kept_pairs(wanted: bool) -> Callable[[MethodCall, Hash], Hash]:
    return lambda call, table: {k: v for k, v in table.items() if call.holds(k, v) is wanted}


def _merge(call: MethodCall, table: Hash, *others: Value) -> Hash:
    merged = dict(table)
    for other in others:
        merged |= expect(other, dict)
    call.meter.allocate(len(merged))
    return merged


ENUMERABLE: Methods = {
    "all?": lambda call, items: all(_holding(call, items)),
    "any?": lambda call, items: any(_holding(call, items)),
    "count": lambda call, items: sum(_holding(call, items)) if call.block else len(items),
    "each": _each,
    "each_with_index": _with_index,
    "filter": _kept(True),
    "filter_map": lambda call, items: list(filter(is_truthy, _map(call, items))),
    "find": lambda call, items: next((item for item in items if call.holds(item)), None),
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
    "compact": lambda call, items: [item for item in items if item is not None],
    "compact_blank": lambda call, items: [item for item in items if not is_blank(item)],
    "dig": _dig,
    "empty?": lambda call, items: not items,
    "fetch": _fetch,
    "flatten": flatten,
    "join": _join,
    "last": _last,
    "length": lambda call, items: len(items),
    "push": _push,
    "reverse": lambda call, items: items[::-1],
    "sum": lambda call, items: sum(expect(item, int) for item in items),
    "|": lambda call, items, other: _unique(call, items + expect(other, list)),
}
HASH: Methods = {
    "[]": lambda call, table, key: table.get(as_key(key)),
    "[]=": _set,
    "compact": lambda call, table: {k: v for k, v in table.items() if v is not None},
    "delete": lambda call, table, key: table.pop(as_key(key), None),
    "dig": _dig,
    "empty?": lambda call, table: not table,
    "except": lambda call, table, *keys: {k: v for k, v in table.items() if k not in keys},
    "fetch": _fetch,
    "filter": _kept_pairs(True),
    "include?": lambda call, table, key: as_key(key) in table,
    "key?": lambda call, table, key: as_key(key) in table,
    "keys": lambda call, table: list(table),
    "length": lambda call, table: len(table),
    "merge": _merge,
    "reject": _kept_pairs(False),
    "select": _kept_pairs(True),
    "slice": lambda call, table, *keys: {k: v for k, v in table.items() if k in keys},
    "transform_values": lambda call, table: {k: call.run(v) for k, v in table.items()},
    "values": lambda call, table: list(table.values()),
    "values_at": lambda call, table, *keys: [table.get(as_key(key)) for key in keys],
}
