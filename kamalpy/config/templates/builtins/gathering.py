"""Methods that make one thing of many values: sort, sum, group, count."""

from __future__ import annotations

from functools import cmp_to_key

from kamalpy.config.templates.trouble import RubyError
from kamalpy.config.templates.values import Hash, Symbol, Value, key_of

from .methods import Call, Methods, ordered, wrong_kind
from .walking import walked

Items = list[Value]


def _sort(call: Call, items: Items) -> Items:
    call.meter.spend(len(items))
    if call.block is None:
        return sorted(items, key=cmp_to_key(lambda left, right: _paid_order(call, left, right)))
    return sorted(items, key=cmp_to_key(lambda left, right: _asked_order(call, left, right)))


def _paid_order(call: Call, left: Value, right: Value) -> int:
    call.meter.spend()
    return ordered(left, right, call)


def _asked_order(call: Call, left: Value, right: Value) -> int:
    order = call.yields(left, right)
    if not isinstance(order, (int, float)) or isinstance(order, bool):
        raise RubyError("ArgumentError", "the block of .sort answers with -1, 0 or 1")
    return int(order > 0) - int(order < 0)


def _sort_by(call: Call, items: Items) -> Value:
    wanted = cmp_to_key(lambda left, right: _paid_order(call, left, right))
    keyed = [(wanted(call.yields(item)), item) for item in walked(items)]
    return [item for _, item in sorted(keyed, key=lambda pair: pair[0])]


def _least(call: Call, items: Items, count: int | None = None) -> Value:
    return _some(_sort(call, items), count)


def _most(call: Call, items: Items, count: int | None = None) -> Value:
    return _some(_sort(call, items)[::-1], count)


def _least_by(call: Call, items: Items) -> Value:
    return _best_by(call, items, -1)


def _most_by(call: Call, items: Items) -> Value:
    return _best_by(call, items, 1)


def _best_by(call: Call, items: Items, sign: int) -> Value:
    best: tuple[Value, Value] | None = None
    for item in walked(items):
        value = call.yields(item)
        if best is None or _paid_order(call, value, best[0]) * sign > 0:
            best = (value, item)
    return None if best is None else best[1]


def _minmax(call: Call, items: Items) -> Value:
    return [_least(call, items), _most(call, items)]


def _sum(call: Call, items: Items, start: Value = 0) -> Value:
    total = start
    for item in walked(items):
        total = call.send(total, "+", item if call.block is None else call.yields(item))
    return total


def _reduce(call: Call, items: Items, *start: Value) -> Value:
    symbol = start[-1] if start and call.block is None else None
    if symbol is not None and not isinstance(symbol, Symbol):
        raise wrong_kind(symbol, "Symbol")
    values = start[:-1] if symbol is not None else start
    rest = items if values else items[1:]
    total = values[0] if values else items[0] if items else None
    for item in walked(list(rest)):
        if isinstance(symbol, Symbol):
            total = call.send(total, symbol.name, item)
        else:
            total = call.yields(total, item)
    return total


def _tally(call: Call, items: Items) -> Hash:
    found = Hash()
    for item in items:
        key = key_of(item, call.meter)
        count = found.get(key, 0)
        found.set(key, item, count + 1 if isinstance(count, int) else 1)
    return found


def _group_by(call: Call, items: Items) -> Hash:
    found = Hash()
    for item in walked(items):
        name = call.yields(item)
        key = key_of(name, call.meter)
        group = found.get(key)
        if isinstance(group, list):
            group.append(item)
        else:
            found.set(key, name, [item])
    return found


def _index_by(call: Call, items: Items) -> Hash:
    found = Hash()
    for item in walked(items):
        name = call.yields(item)
        found.set(key_of(name, call.meter), name, item)
    return found


def _index_with(call: Call, items: Items) -> Hash:
    found = Hash()
    for item in walked(items):
        found.set(key_of(item, call.meter), item, call.yields(item))
    return found


def _to_h(call: Call, items: Items) -> Hash:
    found = Hash()
    for item in walked(items):
        pair = item if call.block is None else call.yields(item)
        if not isinstance(pair, list) or len(pair) != 2:
            raise RubyError("TypeError", ".to_h needs pairs: arrays of two")
        found.set(key_of(pair[0], call.meter), pair[0], pair[1])
    return found


def _uniq(call: Call, items: Items) -> Value:
    found: dict[object, Value] = {}
    for item in walked(items):
        name = item if call.block is None else call.yields(item)
        found.setdefault(key_of(name, call.meter), item)
    return list(found.values())


def _zip(call: Call, items: Items, *others: list[Value]) -> Value:
    call.meter.room(len(items) * (len(others) + 1))
    return [
        [item, *(other[index] if index < len(other) else None for other in others)]
        for index, item in enumerate(items)
    ]


def _some(items: Items, count: int | None) -> Value:
    if count is None:
        return items[0] if items else None
    return items[: max(count, 0)]


GATHERING: Methods = {
    "group_by": _group_by,
    "index_by": _index_by,
    "index_with": _index_with,
    "inject": _reduce,
    "max": _most,
    "max_by": _most_by,
    "min": _least,
    "min_by": _least_by,
    "minmax": _minmax,
    "reduce": _reduce,
    "sort": _sort,
    "sort_by": _sort_by,
    "sum": _sum,
    "tally": _tally,
    "to_h": _to_h,
    "uniq": _uniq,
    "zip": _zip,
}
