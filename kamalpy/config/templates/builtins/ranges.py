"""Methods of ranges, and what a range means as a slice."""

from __future__ import annotations

from kamalpy.config.templates.limits import MAX_SIZE
from kamalpy.config.templates.trouble import Beyond, Exceeded, RubyError
from kamalpy.config.templates.values import Range, Value

from .methods import Call, Methods, compare, wrong_kind

_INDEX_BITS = 63


def span_of(wanted: Range, size: int) -> tuple[int, int] | None:
    """Start and end of a slice of something of this size; None outside of it."""
    start = 0 if wanted.first is None else place(wanted.first)
    end = -1 if wanted.last is None else place(wanted.last)
    exclusive = wanted.exclusive and wanted.last is not None
    start = start + size if start < 0 else start
    end = end + size if end < 0 else end
    if not 0 <= start <= size:
        return None
    return start, max(end + (not exclusive), start)


def place(value: Value) -> int:
    """An index, of a size that Ruby takes for one."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise wrong_kind(value, "Integer")
    if value.bit_length() > _INDEX_BITS:
        raise RubyError("RangeError", "an index is too large", "keep it smaller")
    return value


def items_of(wanted: Range, call: Call) -> list[Value]:
    """All that a range holds."""
    first, last = wanted.first, wanted.last
    if isinstance(first, int) and isinstance(last, int):
        count = last - first + (not wanted.exclusive)
        call.meter.room(min(max(count, 0), MAX_SIZE + 1))
        call.meter.spend(max(count, 0))
        return list(range(first, first + max(count, 0)))
    if isinstance(first, str) and isinstance(last, str):
        return _letters(wanted, first, last, call)
    if last is None:
        raise Exceeded("a range without an end has too many members", "give it an end")
    raise Beyond("a range of this kind")


def _letters(wanted: Range, first: str, last: str, call: Call) -> list[Value]:
    if len(first) != 1 or len(last) != 1:
        raise Beyond("a range of longer strings")
    count = ord(last) - ord(first) + (not wanted.exclusive)
    call.meter.room(max(count, 0))
    if not (first + last).isascii():
        raise Beyond("a range of letters outside of ASCII")
    return [chr(ord(first) + number) for number in range(max(count, 0))]


def covers(wanted: Range, value: Value, call: Call) -> bool:
    """Whether a value lies between the ends."""
    low = 0 if wanted.first is None else compare(wanted.first, value, call)
    high = 0 if wanted.last is None else compare(value, wanted.last, call)
    if low is None or high is None or low > 0:
        return False
    return high < 0 or (high == 0 and (not wanted.exclusive or wanted.last is None))


def _covers(call: Call, wanted: Range, value: Value) -> bool:
    return covers(wanted, value, call)


def _size(call: Call, wanted: Range) -> Value:
    if isinstance(wanted.first, int) and isinstance(wanted.last, int):
        return max(wanted.last - wanted.first + (not wanted.exclusive), 0)
    return len(items_of(wanted, call))


def _step(call: Call, wanted: Range, width: int) -> Value:
    if width <= 0:
        raise Beyond("a step that goes backwards")
    items = items_of(wanted, call)[::width]
    if call.block is None:
        return items
    for item in items:
        call.yields(item)
    return wanted


def _first(call: Call, wanted: Range, count: int | None = None) -> Value:
    if count is None:
        return wanted.first
    if isinstance(wanted.first, int) and wanted.last is None:
        last = wanted.first + max(count, 0)
        return items_of(Range(wanted.first, last, exclusive=True), call)
    return items_of(wanted, call)[: max(count, 0)]


def _each(call: Call, wanted: Range) -> Value:
    if isinstance(wanted.first, int) and wanted.last is None:
        number = wanted.first
        while True:
            call.yields(number)
            number += 1
    for item in items_of(wanted, call):
        call.yields(item)
    return wanted


RANGE: Methods = {
    "%": _step,
    "===": _covers,
    "begin": lambda call, wanted: wanted.first,
    "count": lambda call, wanted: (
        len(items_of(wanted, call))
        if call.block is None
        else call.send(items_of(wanted, call), "count", block=call.block)
    ),
    "cover?": _covers,
    "each": _each,
    "end": lambda call, wanted: wanted.last,
    "exclude_end?": lambda call, wanted: wanted.exclusive,
    "first": _first,
    "include?": _covers,
    "member?": _covers,
    "size": _size,
    "step": _step,
    "to_a": lambda call, wanted: items_of(wanted, call),
}
