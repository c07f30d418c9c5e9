"""Methods of strings that cut: slices, split, lines, characters."""

from __future__ import annotations

import re

from kamalpy.config.templates.values import Range, Regexp, Value

from .methods import Call, Methods, wrong_kind
from .patterns import find, matched
from .ranges import place, span_of

_AWK_SPACE = re.compile(r"[ \t\n\v\f\r\0]+")


def _slice(call: Call, text: str, where: Value, length: Value = None) -> Value:
    if isinstance(where, Regexp):
        return _slice_of_match(call, text, where, 0 if length is None else length)
    if isinstance(where, str):
        return where if where in text else None
    if isinstance(where, Range):
        span = span_of(where, len(text))
        return text[span[0] : span[1]] if span else None
    index = place(where)
    start = index + len(text) if index < 0 else index
    if length is None:
        return text[start] if 0 <= start < len(text) else None
    count = place(length)
    return text[start : start + count] if 0 <= start <= len(text) and count >= 0 else None


def _slice_of_match(call: Call, text: str, pattern: Regexp, group: Value) -> Value:
    found = matched(pattern, text, 0, call)
    return call.send(found, "[]", group) if found else None


def _split(call: Call, text: str, separator: Value = None, limit: int = 0) -> list[Value]:
    if limit == 1:
        return [text] if text else []
    if separator is None or separator == " ":
        parts = _split_at_blanks(text, limit)
    elif isinstance(separator, Regexp):
        parts = _split_at_matches(call, text, separator, limit)
    elif isinstance(separator, str):
        parts = _split_at(text, separator, limit)
    else:
        raise wrong_kind(separator, "String")
    if limit == 0:
        while parts and not parts[-1]:
            parts.pop()
    return call.listed(list(parts))


def _split_at_blanks(text: str, limit: int) -> list[str]:
    stripped = text.lstrip(" \t\n\v\f\r\0")
    parts = _AWK_SPACE.split(stripped, maxsplit=max(limit - 1, 0))
    return parts if stripped else []


def _split_at(text: str, separator: str, limit: int) -> list[str]:
    if not text:
        return []
    if not separator:
        count = limit - 1 if limit > 0 else len(text)
        return [*text[:count], *([text[count:]] if limit else [])]
    return text.split(separator, limit - 1 if limit > 0 else -1)


def _split_at_matches(call: Call, text: str, pattern: Regexp, limit: int) -> list[str]:
    """Split as Ruby does: an empty match counts once a character has passed."""
    parts: list[str] = []
    begin = start = 0
    passed = False
    pieces = 1
    while (found := find(pattern, text, start, call)) and (limit <= 0 or pieces < limit):
        low, high = found.spans[0] or (0, 0)
        if low == high == start and not passed:
            start, passed = start + 1, True
            continue
        empty = low == high == start
        parts.append(text[begin : begin + 1] if empty else text[begin:low])
        begin = start = start if empty else high
        passed = False
        groups = [found.group(number) for number in range(1, len(found.spans))]
        parts += [group for group in groups if group is not None]
        pieces += 1
    return [*parts, text[begin:]] if text else []


def _lines(call: Call, text: str, *, chomp: Value = False) -> list[Value]:
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    if chomp:
        lines = [line.removesuffix("\n").removesuffix("\r") for line in lines]
    return call.listed(list(lines))


def _each_line(call: Call, text: str, *, chomp: Value = False) -> Value:
    lines = _lines(call, text, chomp=chomp)
    if call.block is None:
        return lines
    for line in lines:
        call.yields(line)
    return text


def _each_char(call: Call, text: str) -> Value:
    if call.block is None:
        return call.listed(list(text))
    for character in text:
        call.yields(character)
    return text


def _partition(call: Call, text: str, separator: Value) -> list[Value]:
    if isinstance(separator, str):
        return list(text.partition(separator)) if separator else ["", "", text]
    found = matched(separator, text, 0, call)
    span = found.spans[0] if found else None
    return [text[: span[0]], text[span[0] : span[1]], text[span[1] :]] if span else [text, "", ""]


def _rpartition(call: Call, text: str, separator: str) -> list[Value]:
    return list(text.rpartition(separator)) if separator else [text, "", ""]


CUTTING: Methods = {
    "[]": _slice,
    "chars": lambda call, text: call.listed(list(text)),
    "each_char": _each_char,
    "each_line": _each_line,
    "lines": _lines,
    "partition": _partition,
    "rpartition": _rpartition,
    "slice": _slice,
    "split": _split,
}
