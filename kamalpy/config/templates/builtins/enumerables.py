"""Methods of everything that holds several values: they work on a list of them."""

from __future__ import annotations

from collections.abc import Callable

from kamalpy.config.templates.trouble import RubyError
from kamalpy.config.templates.values import (
    Enumerator,
    Proc,
    Value,
    key_of,
    same,
    truthy,
)

from .gathering import GATHERING
from .methods import Call, Methods
from .objects import is_blank
from .walking import walked

Items = list[Value]


def _each(call: Call, items: Items) -> Value:
    for item in walked(items):
        call.yields(item)
    return items


def _each_with_index(call: Call, items: Items) -> Value:
    if call.block is None:
        return [[item, index] for index, item in enumerate(items)]
    for index, item in enumerate(walked(items)):
        call.yields(item, index)
    return items


def _each_with_object(call: Call, items: Items, memory: Value) -> Value:
    for item in walked(items):
        call.yields(item, memory)
    return memory


def _map(call: Call, items: Items) -> Value:
    if call.block is None:
        return Enumerator(items, "map")
    return call.listed([call.yields(item) for item in walked(items)])


def _flat_map(call: Call, items: Items) -> Value:
    found: Items = []
    for item in walked(items):
        value = call.yields(item)
        found += value if isinstance(value, list) else [value]
        call.meter.room(len(found))
    return found


def _filter_map(call: Call, items: Items) -> Value:
    return [value for item in walked(items) if truthy(value := call.yields(item))]


def _select(call: Call, items: Items) -> Value:
    if call.block is None:
        return Enumerator(items, "select")
    return [item for item in walked(items) if call.holds(item)]


def _reject(call: Call, items: Items) -> Value:
    return [item for item in walked(items) if not call.holds(item)]


def _partition(call: Call, items: Items) -> Value:
    sides: tuple[Items, Items] = ([], [])
    for item in walked(items):
        sides[0 if call.holds(item) else 1].append(item)
    return list(sides)


def _find(call: Call, items: Items) -> Value:
    return next((item for item in walked(items) if call.holds(item)), None)


def _test(call: Call, pattern: tuple[Value, ...]) -> Callable[[Value], bool]:
    """What ``any?`` and its like ask: the block, a pattern, or whether it is true."""
    if pattern:
        return lambda item: truthy(call.send(pattern[0], "===", item))
    return call.holds if call.block is not None else truthy


def _any(call: Call, items: Items, *pattern: Value) -> bool:
    return any(map(_test(call, pattern), walked(items)))


def _all(call: Call, items: Items, *pattern: Value) -> bool:
    return all(map(_test(call, pattern), walked(items)))


def _none(call: Call, items: Items, *pattern: Value) -> bool:
    return not any(map(_test(call, pattern), walked(items)))


def _one(call: Call, items: Items, *pattern: Value) -> bool:
    return sum(map(_test(call, pattern), walked(items))) == 1


def _count(call: Call, items: Items, *wanted: Value) -> int:
    if wanted:
        return sum(same(item, wanted[0], call.meter) for item in items)
    return len(items) if call.block is None else sum(map(call.holds, walked(items)))


def _many(call: Call, items: Items) -> bool:
    return _count(call, items) > 1


def _includes(call: Call, items: Items, wanted: Value) -> bool:
    call.meter.spend(len(items) // 4)
    return any(same(item, wanted, call.meter) for item in items)


def _excludes(call: Call, items: Items, wanted: Value) -> bool:
    return not _includes(call, items, wanted)


def _first(call: Call, items: Items, count: int | None = None) -> Value:
    if count is None:
        return items[0] if items else None
    return items[: max(count, 0)]


def _take(call: Call, items: Items, count: int) -> Value:
    return items[: max(count, 0)]


def _drop(call: Call, items: Items, count: int) -> Value:
    return items[max(count, 0) :]


def _take_while(call: Call, items: Items) -> Value:
    found: Items = []
    for item in walked(items):
        if not call.holds(item):
            break
        found.append(item)
    return found


def _drop_while(call: Call, items: Items) -> Value:
    index = 0
    while index < len(items) and call.holds(items[index]):
        index += 1
    return items[index:]


def _each_slice(call: Call, items: Items, size: int) -> Value:
    if size <= 0:
        raise RubyError("ArgumentError", "a slice holds at least one")
    slices: Items = [items[start : start + size] for start in range(0, len(items), size)]
    return _given(call, items, slices)


def _each_cons(call: Call, items: Items, size: int) -> Value:
    if size <= 0:
        raise RubyError("ArgumentError", "a slice holds at least one")
    call.meter.room(max(len(items) - size + 1, 0) * size)
    slices: Items = [items[start : start + size] for start in range(len(items) - size + 1)]
    return _given(call, items, slices)


def _given(call: Call, items: Items, slices: Items) -> Value:
    if call.block is None:
        return slices
    for part in slices:
        call.yields(part)
    return items


def _find_index(call: Call, items: Items, *wanted: Value) -> Value:
    for index, item in enumerate(walked(items)):
        if same(item, wanted[0], call.meter) if wanted else call.holds(item):
            return index
    return None


def _without(call: Call, items: Items, *others: Value) -> Value:
    keys = {key_of(other, call.meter) for other in others}
    return [item for item in items if key_of(item, call.meter) not in keys]


def _with_index(call: Call, waiting: Enumerator, start: int = 0) -> Value:
    """``map.with_index(1) { |item, index| }``"""
    count = [start - 1]

    def numbered(*values: Value) -> Value:
        count[0] += 1
        return call.yields(values[0] if len(values) == 1 else list(values), count[0])

    return call.send(waiting.receiver, waiting.method, block=Proc(numbered, 1))


def _numbered_each(call: Call, items: Items, start: int = 0) -> Value:
    if call.block is None:
        return [[item, index] for index, item in enumerate(items, start)]
    for index, item in enumerate(walked(items), start):
        call.yields(item, index)
    return items


ENUMERABLE: Methods = {
    **GATHERING,
    "all?": _all,
    "any?": _any,
    "collect": _map,
    "collect_concat": _flat_map,
    "compact_blank": lambda call, items: [item for item in items if not is_blank(item)],
    "count": _count,
    "detect": _find,
    "drop": _drop,
    "drop_while": _drop_while,
    "each": _each,
    "each_cons": _each_cons,
    "each_entry": _each,
    "each_slice": _each_slice,
    "each_with_index": _each_with_index,
    "each_with_object": _each_with_object,
    "entries": lambda call, items: list(items),
    "exclude?": _excludes,
    "excluding": _without,
    "filter": _select,
    "filter_map": _filter_map,
    "find": _find,
    "find_all": _select,
    "find_index": _find_index,
    "first": _first,
    "flat_map": _flat_map,
    "include?": _includes,
    "many?": _many,
    "map": _map,
    "member?": _includes,
    "none?": _none,
    "one?": _one,
    "partition": _partition,
    "reject": _reject,
    "reverse_each": lambda call, items: _each(call, items[::-1]),
    "select": _select,
    "take": _take,
    "take_while": _take_while,
    "to_a": lambda call, items: list(items),
    "with_index": _numbered_each,
    "without": _without,
}

ENUMERATOR: Methods = {"each_with_index": _with_index, "with_index": _with_index}
