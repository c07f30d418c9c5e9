"""Methods of arrays, and of all that holds several values."""

from __future__ import annotations

from collections.abc import Callable
from functools import cmp_to_key

from kamalpy.config.templates.evaluation.values import (
    Enumerator,
    Range,
    Value,
    as_key,
    compare,
    is_equal,
    is_truthy,
    to_int,
    to_list,
    to_str,
)
from kamalpy.config.templates.limits import MAX_SIZE
from kamalpy.config.templates.template_errors import LimitError, RubyError, UnsupportedError

from .calls import MethodCall, Methods
from .objects import is_blank
from .strings import span_of


def items_of(value: Value, call: MethodCall) -> list[Value] | None:
    """Return the values that a hash, a range or an enumerator holds."""
    if isinstance(value, dict):
        return [[key, item] for key, item in value.items()]
    if isinstance(value, Enumerator):
        return value.items
    if not isinstance(value, Range):
        return None
    if value.last is None:
        raise LimitError("this range has no end", "give it a last value")
    first, last = to_int(value.first), to_int(value.last)
    size = max(last - first + (not value.exclusive), 0)
    call.meter.allocate(min(size, MAX_SIZE + 1))
    return list(range(first, first + size))


def _contains(items: list[Value], value: Value, call: MethodCall) -> bool:
    return any(is_equal(item, value, call.meter) for item in items)


def _unique(call: MethodCall, items: list[Value]) -> list[Value]:
    found: list[Value] = []
    for item in items:
        key = item if call.block is None else call.run(item)
        if not _contains([kept for kept, _ in found], key, call):  # type: ignore[misc]
            found.append((key, item))
    return [item for _, item in found]  # type: ignore[misc]


def _flatten(call: MethodCall, items: list[Value], depth: Value = -1) -> list[Value]:
    call.meter.enter()
    found: list[Value] = []
    for item in items:
        nested = isinstance(item, list) and to_int(depth) != 0
        found += _flatten(call, to_list(item), to_int(depth) - 1) if nested else [item]
        call.meter.allocate(len(found))
    call.meter.leave()
    return found


def _join(call: MethodCall, items: list[Value], separator: Value = "") -> str:
    texts = list(map(call.text, _flatten(call, items)))
    mark = "" if separator is None else to_str(separator)
    call.meter.allocate(sum(map(len, texts)) + len(mark) * len(texts))
    return mark.join(texts)


def _slice(call: MethodCall, items: list[Value], index: Value, size: Value = None) -> Value:
    span = span_of(index, len(items))
    if isinstance(index, Range):
        return None if span is None else items[slice(*span)]
    at = to_int(index) + (len(items) if to_int(index) < 0 else 0)
    if size is not None:
        return items[at : at + to_int(size)] if 0 <= at <= len(items) else None
    return items[at] if 0 <= at < len(items) else None


def _set(call: MethodCall, items: list[Value], index: Value, value: Value) -> Value:
    if not 0 <= to_int(index) <= len(items):
        raise UnsupportedError("an index outside of the array")
    items[to_int(index) : to_int(index) + 1] = [value]
    return value


def _push(call: MethodCall, items: list[Value], *values: Value) -> Value:
    call.meter.allocate(len(items) + len(values))
    items.extend(values)
    return items


def _fetch(call: MethodCall, items: list[Value], index: Value, *default: Value) -> Value:
    if -len(items) <= to_int(index) < len(items):
        return items[to_int(index)]
    if default or call.block:
        return default[0] if default else call.run(index)
    raise RubyError("IndexError", f"the array has no index {index}", "take a smaller one")


def _dig(call: MethodCall, value: Value, key: Value, *more: Value) -> Value:
    found = call.send(value, "[]", key)
    return found if not more or found is None else _dig(call, found, *more)


def _times(call: MethodCall, items: list[Value], other: Value) -> Value:
    if isinstance(other, str):
        return _join(call, items, other)
    call.meter.allocate(min(len(items) * max(to_int(other), 0), MAX_SIZE + 1))
    return items * to_int(other)


def _product(call: MethodCall, left: list[Value], right: Value, keep: bool) -> list[Value]:
    return [item for item in left if _contains(to_list(right), item, call) is keep]


def _each(call: MethodCall, items: list[Value]) -> Value:
    if call.block is None:
        return Enumerator(items, call.name)
    for item in list(items):
        call.run(item)
    return items


def _map(call: MethodCall, items: list[Value]) -> Value:
    if call.block is None:
        return Enumerator(items, call.name)
    return call.listed([call.run(item) for item in items])


def _with_index(call: MethodCall, items: list[Value], start: Value = 0) -> Value:
    pairs: list[Value] = [[item, number] for number, item in enumerate(items, to_int(start))]
    if call.block is None:
        return pairs
    for pair in pairs:
        call.run(*to_list(pair))
    return items


def _enumerated(call: MethodCall, enumerator: Enumerator, start: Value = 0) -> Value:
    numbers = iter(range(to_int(start), to_int(start) + len(enumerator.items)))
    run = call.run
    return call.send(
        enumerator.items, enumerator.method, block=lambda *values: run(values[0], next(numbers))
    )


def _with_object(call: MethodCall, items: list[Value], made: Value) -> Value:
    for item in items:
        call.run(item, made)
    return made


def _filter_map(call: MethodCall, items: list[Value]) -> list[Value]:
    return [value for value in (call.run(item) for item in items) if is_truthy(value)]


def _flat_map(call: MethodCall, items: list[Value]) -> list[Value]:
    found: list[Value] = []
    for item in items:
        value = call.run(item)
        found += value if isinstance(value, list) else [value]
    return call.listed(found)


def _holding(call: MethodCall, items: list[Value]) -> list[bool]:
    return [call.holds(item) if call.block else is_truthy(item) for item in items]


def _kept(wanted: bool) -> Callable[[MethodCall, list[Value]], list[Value]]:
    return lambda call, items: [item for item in items if call.holds(item) is wanted]


def _find(call: MethodCall, items: list[Value]) -> Value:
    return next((item for item in items if call.holds(item)), None)


def _sort(call: MethodCall, items: list[Value]) -> list[Value]:
    if call.block is not None and call.name == "sort":
        raise UnsupportedError(".sort with a block (.sort_by is)", "{{ items | sort }}")
    order = cmp_to_key(lambda one, other: compare(one, other, call.meter))
    return sorted(items, key=lambda item: order(call.run(item) if call.block else item))


def _first(call: MethodCall, items: list[Value], size: Value = None) -> Value:
    return (items[0] if items else None) if size is None else items[: to_int(size)]


def _last(call: MethodCall, items: list[Value], size: Value = None) -> Value:
    if size is None:
        return items[-1] if items else None
    return items[max(len(items) - to_int(size), 0) :]


def _sum(call: MethodCall, items: list[Value], start: Value = 0) -> Value:
    for item in items:
        start = call.send(start, "+", call.run(item) if call.block else item)
    return start


def _to_h(call: MethodCall, items: list[Value]) -> dict[Value, Value]:
    pairs = [to_list(call.run(item) if call.block else item) for item in items]
    return {as_key(key): value for key, value in pairs}


def _zip(call: MethodCall, items: list[Value], other: Value) -> list[Value]:
    more = to_list(other)
    return [[item, more[at] if at < len(more) else None] for at, item in enumerate(items)]


def _count(call: MethodCall, items: list[Value], *value: Value) -> int:
    if value:
        return sum(is_equal(item, value[0], call.meter) for item in items)
    return sum(_holding(call, items)) if call.block else len(items)


ENUMERABLE: Methods = {
    "all?": lambda call, items: all(_holding(call, items)),
    "any?": lambda call, items: any(_holding(call, items)),
    "collect": _map,
    "count": _count,
    "detect": _find,
    "each": _each,
    "each_with_index": _with_index,
    "each_with_object": _with_object,
    "filter": _kept(True),
    "filter_map": _filter_map,
    "find": _find,
    "first": _first,
    "flat_map": _flat_map,
    "include?": lambda call, items, value: _contains(items, value, call),
    "map": _map,
    "max": lambda call, items: _last(call, _sort(call, items)),
    "min": lambda call, items: _first(call, _sort(call, items)),
    "none?": lambda call, items: not any(_holding(call, items)),
    "reject": _kept(False),
    "reverse_each": lambda call, items: _each(call, items[::-1]),
    "select": _kept(True),
    "size": lambda call, items: len(items),
    "sort": _sort,
    "sort_by": _sort,
    "sum": _sum,
    "take": lambda call, items, size: items[: to_int(size)],
    "drop": lambda call, items, size: items[to_int(size) :],
    "to_a": lambda call, items: items,
    "to_h": _to_h,
    "uniq": _unique,
    "zip": _zip,
}
ARRAY: Methods = {
    **ENUMERABLE,
    "&": lambda call, items, other: _unique(call, _product(call, items, other, keep=True)),
    "*": _times,
    "+": lambda call, items, other: call.listed(items + to_list(other)),
    "-": lambda call, items, other: _product(call, items, other, keep=False),
    "<<": _push,
    "[]": _slice,
    "[]=": _set,
    "compact": lambda call, items: [item for item in items if item is not None],
    "compact_blank": lambda call, items: [item for item in items if not is_blank(item)],
    "dig": _dig,
    "empty?": lambda call, items: not items,
    "fetch": _fetch,
    "flatten": _flatten,
    "join": _join,
    "last": _last,
    "length": lambda call, items: len(items),
    "push": _push,
    "reverse": lambda call, items: items[::-1],
    "to_ary": lambda call, items: items,
    "|": lambda call, items, other: _unique(call, items + to_list(other)),
}
ENUMERATOR: Methods = {"each_with_index": _enumerated, "with_index": _enumerated}
dig = _dig
