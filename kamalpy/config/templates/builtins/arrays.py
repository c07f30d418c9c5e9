"""Methods of arrays."""

from __future__ import annotations

from kamalpy.config.templates.limits import MAX_SIZE
from kamalpy.config.templates.looks import inspect
from kamalpy.config.templates.trouble import Beyond, RubyError
from kamalpy.config.templates.values import Range, Value, key_of, same

from .enumerables import ENUMERABLE
from .methods import Call, Methods, wrong_kind
from .ranges import place, span_of

Items = list[Value]


def _at(call: Call, items: Items, where: Value, length: int | None = None) -> Value:
    if isinstance(where, Range):
        span = span_of(where, len(items))
        return items[span[0] : span[1]] if span else None
    index = place(where)
    start = index + len(items) if index < 0 else index
    if length is None:
        return items[start] if 0 <= start < len(items) else None
    return items[start : start + length] if 0 <= start <= len(items) and length >= 0 else None


def _set(call: Call, items: Items, where: int, value: Value) -> Value:
    index = where + len(items) if where < 0 else where
    if index < 0:
        raise RubyError("IndexError", "the index lies before the first item")
    call.meter.room(min(index + 1, MAX_SIZE + 1))
    items.extend([None] * (index + 1 - len(items)))
    items[index] = value
    return value


def _fetch(call: Call, items: Items, where: int, *default: Value) -> Value:
    index = where + len(items) if where < 0 else where
    if 0 <= index < len(items):
        return items[index]
    if call.block is not None:
        return call.yields(where)
    if default:
        return default[0]
    raise RubyError("IndexError", f"the array has no item {where}")


def _dig(call: Call, items: Items, where: int, *more: Value) -> Value:
    found = _at(call, items, where)
    return call.send(found, "dig", *more) if more and found is not None else found


def _last(call: Call, items: Items, count: int | None = None) -> Value:
    if count is None:
        return items[-1] if items else None
    return items[len(items) - count if 0 <= count <= len(items) else 0 :] if count else []


def _push(call: Call, items: Items, *values: Value) -> Value:
    call.meter.room(len(items) + len(values))
    items.extend(values)
    return items


def _push_one(call: Call, items: Items, value: Value) -> Value:
    return _push(call, items, value)


def _concat(call: Call, items: Items, *others: list[Value]) -> Value:
    for other in others:
        _push(call, items, *other)
    return items


def _unshift(call: Call, items: Items, *values: Value) -> Value:
    items[:0] = values
    return items


def _insert(call: Call, items: Items, where: int, *values: Value) -> Value:
    if not -len(items) - 1 <= where <= len(items):
        raise Beyond("an insertion behind the end")
    index = where + len(items) + 1 if where < 0 else where
    items[index:index] = values
    return items


def _pop(call: Call, items: Items, count: int | None = None) -> Value:
    if count is None:
        return items.pop() if items else None
    found = _last(call, items, count)
    del items[max(len(items) - count, 0) :]
    return found


def _shift(call: Call, items: Items, count: int | None = None) -> Value:
    if count is None:
        return items.pop(0) if items else None
    found = items[: max(count, 0)]
    del items[: max(count, 0)]
    return found


def _delete(call: Call, items: Items, value: Value) -> Value:
    kept = [item for item in items if not same(item, value, call.meter)]
    found = value if len(kept) < len(items) else None
    items[:] = kept
    return found


def _delete_at(call: Call, items: Items, where: int) -> Value:
    return items.pop(where) if -len(items) <= where < len(items) else None


def _delete_if(call: Call, items: Items) -> Value:
    items[:] = [item for item in list(items) if not call.holds(item)]
    return items


def _join(call: Call, items: Items, separator: str | None = None) -> str:
    parts = _flat_text(call, items, separator or "")
    call.meter.room(sum(map(len, parts)) + len(separator or "") * len(parts))
    return (separator or "").join(parts)


def _flat_text(call: Call, items: Items, separator: str) -> list[str]:
    call.meter.deeper()
    parts: list[str] = []
    for item in items:
        call.meter.spend()
        inner = isinstance(item, list)
        parts += _flat_text(call, item, separator) if isinstance(item, list) else [call.text(item)]
        if inner and not item:
            parts.append("")
    call.meter.shallower()
    return parts


def _flatten(call: Call, items: Items, depth: int = -1) -> Value:
    call.meter.deeper()
    found: Items = []
    for item in items:
        call.meter.spend()
        if isinstance(item, list) and depth != 0:
            inner = _flatten(call, item, depth - 1)
            found += inner if isinstance(inner, list) else []
        else:
            found.append(item)
    call.meter.shallower()
    return call.listed(found)


def _times(call: Call, items: Items, count: Value) -> Value:
    if isinstance(count, str):
        return _join(call, items, count)
    if not isinstance(count, int) or isinstance(count, bool):
        raise wrong_kind(count, "Integer")
    if count < 0:
        raise RubyError("ArgumentError", "an array cannot be repeated less than 0 times")
    call.meter.room(min(len(items) * count, MAX_SIZE + 1))
    return items * count


def _plus(call: Call, items: Items, other: list[Value]) -> Value:
    return call.listed(items + other)


def _minus(call: Call, items: Items, other: list[Value]) -> Value:
    keys = {key_of(item, call.meter) for item in other}
    return [item for item in items if key_of(item, call.meter) not in keys]


def _and(call: Call, items: Items, other: list[Value]) -> Value:
    keys = {key_of(item, call.meter) for item in other}
    found = {key_of(item, call.meter): item for item in reversed(items)}
    order = dict.fromkeys(key_of(item, call.meter) for item in items)
    return [found[key] for key in order if key in keys]


def _or(call: Call, items: Items, other: list[Value]) -> Value:
    found: dict[object, Value] = {}
    for item in items + other:
        found.setdefault(key_of(item, call.meter), item)
    return list(found.values())


def _intersects(call: Call, items: Items, other: list[Value]) -> bool:
    found = _and(call, items, other)
    return bool(found)


def _rotate(call: Call, items: Items, by: int = 1) -> Value:
    by = by % len(items) if items else 0
    return items[by:] + items[:by]


def _values_at(call: Call, items: Items, *where: int) -> Value:
    return [_at(call, items, index) for index in where]


def _each_index(call: Call, items: Items) -> Value:
    for index in range(len(items)):
        call.yields(index)
    return items


def _to_sentence(call: Call, items: Items) -> str:
    words = [call.text(item) for item in items]
    if len(words) < 3:
        return call.sized(" and ".join(words))
    return call.sized(f"{', '.join(words[:-1])}, and {words[-1]}")


def _same(call: Call, items: Items, other: Value) -> bool:
    return same(items, other, call.meter)


def _transpose(call: Call, items: Items) -> Value:
    rows = [row for row in items if isinstance(row, list)]
    if len(rows) < len(items) or len({len(row) for row in rows}) > 1:
        raise RubyError("IndexError", ".transpose needs rows of the same length")
    return [list(column) for column in zip(*rows, strict=True)]


def _in_place(call: Call, items: Items, *arguments: Value) -> Value:
    plain = call.name.rstrip("!")
    changed = call.send(items, plain, *arguments, block=call.block)
    if not isinstance(changed, list):
        raise wrong_kind(changed, "Array")
    items[:] = changed
    return items


ARRAY: Methods = {
    **ENUMERABLE,
    "&": _and,
    "*": _times,
    "+": _plus,
    "-": _minus,
    "<<": _push_one,
    "==": _same,
    "===": _same,
    "[]": _at,
    "[]=": _set,
    "append": _push,
    "at": _at,
    "clear": lambda call, items: items.clear() or items,
    "collect!": _in_place,
    "compact": lambda call, items: [item for item in items if item is not None],
    "concat": _concat,
    "delete": _delete,
    "delete_at": _delete_at,
    "delete_if": _delete_if,
    "difference": _minus,
    "dig": _dig,
    "dup": lambda call, items: list(items),
    "clone": lambda call, items: list(items),
    "each_index": _each_index,
    "empty?": lambda call, items: not items,
    "fetch": _fetch,
    "flatten": _flatten,
    "index": ENUMERABLE["find_index"],
    "insert": _insert,
    "inspect": lambda call, items: inspect(items, call.meter),
    "intersect?": _intersects,
    "intersection": _and,
    "join": _join,
    "last": _last,
    "length": lambda call, items: len(items),
    "map!": _in_place,
    "pop": _pop,
    "prepend": _unshift,
    "push": _push,
    "reverse": lambda call, items: items[::-1],
    "rotate": _rotate,
    "shift": _shift,
    "size": lambda call, items: len(items),
    "slice": _at,
    "sort!": _in_place,
    "to_ary": lambda call, items: items,
    "to_a": lambda call, items: items,
    "to_sentence": _to_sentence,
    "transpose": _transpose,
    "union": _or,
    "unshift": _unshift,
    "values_at": _values_at,
    "|": _or,
}
