"""Methods of strings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kamalpy.config.templates.template_errors import LimitError, UnsupportedError

from .regexps import matches
from .values import MethodCall, Methods, Range, Regexp, Symbol, Value, expect

_SPACE = " \t\n\v\f\r\0"
_INTEGER = re.compile(r"[ \t\n\v\f\r]*([+-]?\d(?:_?\d)*)", re.ASCII)
_REFERENCE = re.compile(r"\\([0-9&\\]|k<)")


def _matches(call: MethodCall, text: str, pattern: Value) -> Iterator[re.Match[str]]:
    if isinstance(pattern, str):
        return re.finditer(re.escape(pattern), text)
    return matches(expect(pattern, Regexp), text, call.meter)


def _search(call: MethodCall, text: str, pattern: Value) -> re.Match[str] | None:
    return next(_matches(call, text, expect(pattern, Regexp)), None)


def match_position(call: MethodCall, text: Value, pattern: Value) -> int | None:
    """``text =~ /pattern/``"""
    found = None if text is None else _search(call, expect(text, str), pattern)
    return None if found is None else found.start()


def item_at(
    call: MethodCall, sequence: str | list[Value], index: Value, size: Value = None
) -> Value:
    """``text[0]``, ``text[0, 7]``, ``text[0..6]``, ``text[/pattern/]``; the same for arrays."""
    if isinstance(index, Regexp) and isinstance(sequence, str):
        match = _search(call, sequence, index)
        return match[size or 0] if match else None  # type: ignore[call-overload]
    if isinstance(index, str) and isinstance(sequence, str):
        return index if index in sequence else None
    if isinstance(index, Range):
        span = index.span(len(sequence))
        return None if span is None else sequence[span]
    at = expect(index, int) + (len(sequence) if expect(index, int) < 0 else 0)
    if size is not None:
        return sequence[at : at + expect(size, int)] if 0 <= at <= len(sequence) else None
    return sequence[at] if 0 <= at < len(sequence) else None


def _replace(call: MethodCall, text: str, pattern: Value, new: Value = None) -> str:
    """``sub``, ``gsub``: with a string or a block."""
    done, size, at = [], 0, 0
    for found in _matches(call, text, pattern):
        done += [text[at : found.start()], _replacement(call, found, new)]
        at = found.end()
        size += len(done[-1])
        call.meter.allocate(size)
        if call.name == "sub":
            break
    return "".join([*done, text[at:]])


def _replacement(call: MethodCall, found: re.Match[str], new: Value) -> str:
    if new is None:
        return call.text(call.run(found[0]))

    def expand(reference: re.Match[str]) -> str:
        if reference[1] == "\\":
            return "\\"
        group = int(reference[1].replace("&", "0"))
        return (found[group] or "") if group <= found.re.groups else ""

    return _REFERENCE.sub(expand, expect(new, str))


def _scan(call: MethodCall, text: str, pattern: Value) -> Value:
    found = _matches(call, text, pattern)
    return [list(each.groups()) if each.re.groups else each[0] for each in found]


def _split(call: MethodCall, text: str, pattern: Value = " ", limit: Value = 0) -> list[Value]:
    most = expect(limit, int)
    if pattern == " ":
        text, found = text.lstrip(_SPACE), re.finditer(f"[{_SPACE}]+", text.lstrip(_SPACE))
    elif pattern == "" or (isinstance(pattern, Regexp) and pattern.pattern.match("")):
        raise UnsupportedError(".split by nothing", "{{ text | list }}")
    else:
        found = _matches(call, text, pattern)
    parts: list[Value] = []
    at = 0
    for each in found:
        if most > 0 and len(parts) >= most - 1:
            break
        parts += [text[at : each.start()], *filter(None, each.groups())]
        at = each.end()
    parts += [text[at:]] if text else []
    while parts and not parts[-1] and not most:
        parts.pop()
    return parts


def _to_i(call: MethodCall, text: str) -> int:
    found = _INTEGER.match(text)
    if found and len(found[1]) > 1_000:
        raise LimitError("this number is too long")
    return int(found[1].replace("_", "")) if found else 0


def _translate(call: MethodCall, text: str, old: Value, new: Value) -> str:
    """``tr`` of a single letter."""
    letters, others = expect(old, str), expect(new, str)
    if len(letters) != 1 or len(others) != 1 or "\\" in (letters, others):
        raise UnsupportedError("this set of letters", "{{ text | replace('a', 'b') }}")
    return text.replace(letters, others)


def _each_string(values: tuple[Value, ...]) -> tuple[str, ...]:
    return tuple(expect(value, str) for value in values)


STRING: Methods = {
    "+": lambda call, text, other: text + expect(other, str),
    "=~": match_position,
    "[]": item_at,
    "capitalize": lambda call, text: text[:1].upper() + text[1:].lower(),
    "chomp": lambda call, text: re.sub(r"(?:\r\n|[\r\n])\Z", "", text),
    "delete_prefix": lambda call, text, start: text.removeprefix(expect(start, str)),
    "delete_suffix": lambda call, text, end: text.removesuffix(expect(end, str)),
    "downcase": lambda call, text: text.lower(),
    "empty?": lambda call, text: not text,
    "end_with?": lambda call, text, *ends: text.endswith(_each_string(ends)),
    "first": lambda call, text, size=1: text[: expect(size, int)],
    "gsub": _replace,
    "include?": lambda call, text, part: expect(part, str) in text,
    "last": lambda call, text, size=1: text[max(len(text) - expect(size, int), 0) :],
    "length": lambda call, text: len(text),
    "lines": lambda call, text: text.splitlines(keepends=True),
    "lstrip": lambda call, text: text.lstrip(_SPACE),
    "match?": lambda call, text, pattern: _search(call, text, pattern) is not None,
    "reverse": lambda call, text: text[::-1],
    "rstrip": lambda call, text: text.rstrip(_SPACE),
    "scan": _scan,
    "size": lambda call, text: len(text),
    "split": _split,
    "start_with?": lambda call, text, *starts: text.startswith(_each_string(starts)),
    "strip": lambda call, text: text.strip(_SPACE),
    "sub": _replace,
    "to_i": _to_i,
    "to_sym": lambda call, text: Symbol(text),
    "tr": _translate,
    "upcase": lambda call, text: text.upper(),
}
