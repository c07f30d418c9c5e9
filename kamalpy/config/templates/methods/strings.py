"""Methods of strings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kamalpy.config.templates.evaluation import regexps
from kamalpy.config.templates.evaluation.formatting import format_string
from kamalpy.config.templates.evaluation.values import (
    Range,
    Regexp,
    Symbol,
    Value,
    to_int,
    to_str,
    wrong_type,
)
from kamalpy.config.templates.limits import MAX_SIZE
from kamalpy.config.templates.template_errors import LimitError, RubyError, UnsupportedError

from .calls import MethodCall, Methods

_SPACE = " \t\n\v\f\r\0"
_INTEGER = re.compile(r"[ \t\n\v\f\r]*([+-]?\d+(?:_\d+)*)", re.ASCII)
_REFERENCE = re.compile(r"\\(?:([0-9&\\])|k<(\w+)>)")


def span_of(index: Value, length: int) -> tuple[int, int] | None:
    """Return where a range begins and ends in something of this length."""
    if not isinstance(index, Range):
        return None
    first = 0 if index.first is None else to_int(index.first)
    last = -1 if index.last is None else to_int(index.last)
    first += length if first < 0 else 0
    last += length if last < 0 else 0
    end = last if index.exclusive and index.last is not None else last + 1
    return (first, max(end, first)) if 0 <= first <= length else None


def _slice(call: MethodCall, text: str, index: Value, size: Value = None) -> Value:
    if isinstance(index, Regexp):
        found = _search(call, index, text)
        return found[size or 0] if found else None
    if isinstance(index, str):
        return index if index in text else None
    if isinstance(index, Range):
        span = span_of(index, len(text))
        return None if span is None else text[slice(*span)]
    at = to_int(index) + (len(text) if to_int(index) < 0 else 0)
    if size is not None:
        return text[at : at + to_int(size)] if 0 <= at <= len(text) else None
    return text[at] if 0 <= at < len(text) else None


def _search(call: MethodCall, pattern: Value, text: str) -> re.Match[str] | None:
    found = next(_matches(call, pattern, text), None)
    call.context.last_match = found
    return found


def _matches(call: MethodCall, pattern: Value, text: str) -> Iterator[re.Match[str]]:
    if isinstance(pattern, str):
        return re.finditer(re.escape(pattern), text)
    if not isinstance(pattern, Regexp):
        raise wrong_type(pattern, "Regexp")
    return regexps.matches(pattern, text, call.meter)


def match_operator(call: MethodCall, text: str, pattern: Value) -> Value:
    """``=~``: where a regular expression matches."""
    if not isinstance(pattern, Regexp):
        raise wrong_type(pattern, "Regexp")
    found = _search(call, pattern, text)
    return None if found is None else found.start()


def _replace(call: MethodCall, text: str, pattern: Value, new: Value, most: int) -> str:
    done, size, at = [], 0, 0
    for count, found in enumerate(_matches(call, pattern, text)):
        if count == most:
            break
        call.context.last_match = found
        done += [text[at : found.start()], _replacement(call, found, new)]
        at = found.end()
        size += len(done[-1])
        call.meter.allocate(size)
    return call.sized("".join([*done, text[at:]]))


def _replacement(call: MethodCall, found: re.Match[str], new: Value) -> str:
    if new is None:
        return call.text(call.run(found[0]))
    if isinstance(new, dict):
        return call.text(new.get(found[0]))

    def group(reference: re.Match[str]) -> str:
        if reference[2]:
            return found[reference[2]] or ""
        if reference[1] in "&\\":
            return found[0] if reference[1] == "&" else "\\"
        number = int(reference[1])
        return (found[number] or "") if number <= found.re.groups else ""

    return _REFERENCE.sub(group, to_str(new))


def _sub(call: MethodCall, text: str, pattern: Value, new: Value = None) -> str:
    return _replace(call, text, pattern, new, 1)


def _gsub(call: MethodCall, text: str, pattern: Value, new: Value = None) -> str:
    return _replace(call, text, pattern, new, -1)


def _scan(call: MethodCall, text: str, pattern: Value) -> Value:
    found: list[Value] = []
    for match in _matches(call, pattern, text):
        found.append(list(match.groups()) if match.re.groups else match[0])
    return call.listed(found)


def _split(call: MethodCall, text: str, pattern: Value = None, limit: Value = 0) -> list[Value]:
    most = to_int(limit)
    if pattern is None or pattern == " ":
        text = text.lstrip(_SPACE)
        parts = re.split(f"[{_SPACE}]+", text, maxsplit=max(most - 1, 0)) if text else []
    elif pattern == "" or (isinstance(pattern, Regexp) and pattern.pattern.match("")):
        raise UnsupportedError(".split by nothing", "{{ text | list }}")
    else:
        parts, at = [], 0
        for found in _matches(call, pattern, text):
            if most > 0 and len(parts) >= most - 1:
                break
            parts += [text[at : found.start()], *(group for group in found.groups() if group)]
            at = found.end()
        parts = [*parts, text[at:]] if text else []
    while parts and not parts[-1] and not most:
        parts.pop()
    return call.listed(list(parts))


def _times(call: MethodCall, text: str, count: Value) -> str:
    if to_int(count) < 0:
        raise RubyError("ArgumentError", "a string cannot be repeated less than 0 times")
    call.meter.allocate(min(len(text) * to_int(count), MAX_SIZE + 1))
    return text * to_int(count)


def _chomp(call: MethodCall, text: str, end: Value = "\n") -> str:
    return re.sub(r"(?:\r\n|[\r\n])\Z", "", text) if end == "\n" else text.removesuffix(to_str(end))


def _to_i(call: MethodCall, text: str) -> int:
    found = _INTEGER.match(text)
    digits = found[1].replace("_", "") if found else "0"
    if len(digits) > 1_000:
        raise LimitError("this number is too long")
    return int(digits)


def _justify(call: MethodCall, text: str, width: Value, pad: Value = " ") -> str:
    call.meter.allocate(max(to_int(width), 0))
    missing = max(to_int(width) - len(text), 0)
    filling = (to_str(pad) * (missing // len(to_str(pad)) + 1))[:missing]
    return text + filling if call.name == "ljust" else filling + text


def _starts(call: MethodCall, text: str, *starts: Value) -> bool:
    return text.startswith(tuple(map(to_str, starts)))


def _ends(call: MethodCall, text: str, *ends: Value) -> bool:
    return text.endswith(tuple(map(to_str, ends)))


def _letters(text: Value) -> str:
    """Write the letters of ``a-z`` for ``tr`` and ``delete`` one by one."""
    if to_str(text).startswith("^") or "\\" in to_str(text):
        raise UnsupportedError("^ or \\ in this set of letters")
    ranges = re.sub(r"(.)-(.)", lambda m: "".join(map(chr, range(ord(m[1]), ord(m[2]) + 1))), text)
    if len(ranges) > 1_000:
        raise LimitError("this set of letters is too large")
    return ranges


def _tr(call: MethodCall, text: str, old: Value, new: Value = "") -> str:
    from_letters, to_letters = _letters(old), _letters(new)
    padded = to_letters.ljust(len(from_letters), to_letters[-1:] or " ")
    table = dict(
        zip(map(ord, reversed(from_letters)), padded[: len(from_letters)][::-1], strict=True)
    )
    return text.translate(table if to_letters else dict.fromkeys(map(ord, from_letters), ""))


def _parameterize(call: MethodCall, text: str, *, separator: Value = "-") -> str:
    if not text.isascii():
        raise UnsupportedError(".parameterize of letters outside of ASCII")
    clean = re.sub(r"[^a-z0-9\-_]+", lambda found: to_str(separator), text.lower())
    mark = re.escape(to_str(separator))
    return re.sub(rf"^{mark}|{mark}$", "", re.sub(rf"(?:{mark}){{2,}}", to_str(separator), clean))


def _first(call: MethodCall, text: str, size: Value = 1) -> str:
    return text[: to_int(size)]


def _last(call: MethodCall, text: str, size: Value = 1) -> str:
    return text[max(len(text) - to_int(size), 0) :]


STRING: Methods = {
    "%": lambda call, text, values: format_string(text, values, call.meter),
    "*": _times,
    "+": lambda call, text, other: call.sized(text + to_str(other)),
    "=~": match_operator,
    "[]": _slice,
    "capitalize": lambda call, text: text[:1].upper() + text[1:].lower(),
    "casecmp?": lambda call, text, other: text.casefold() == to_str(other).casefold(),
    "chars": lambda call, text: call.listed(list(text)),
    "chomp": _chomp,
    "delete": _tr,
    "delete_prefix": lambda call, text, start: text.removeprefix(to_str(start)),
    "delete_suffix": lambda call, text, end: text.removesuffix(to_str(end)),
    "downcase": lambda call, text: text.lower(),
    "empty?": lambda call, text: not text,
    "end_with?": _ends,
    "first": _first,
    "gsub": _gsub,
    "include?": lambda call, text, part: to_str(part) in text,
    "last": _last,
    "length": lambda call, text: len(text),
    "lines": lambda call, text: call.listed(text.splitlines(keepends=True)),
    "ljust": _justify,
    "lstrip": lambda call, text: text.lstrip(_SPACE),
    "match": lambda call, text, pattern: _search(call, pattern, text),
    "match?": lambda call, text, pattern: next(_matches(call, pattern, text), None) is not None,
    "parameterize": _parameterize,
    "partition": lambda call, text, mark: list(text.partition(to_str(mark))),
    "reverse": lambda call, text: text[::-1],
    "rjust": _justify,
    "rstrip": lambda call, text: text.rstrip(_SPACE),
    "scan": _scan,
    "size": lambda call, text: len(text),
    "split": _split,
    "start_with?": _starts,
    "strip": lambda call, text: text.strip(_SPACE),
    "sub": _sub,
    "to_i": _to_i,
    "to_str": lambda call, text: text,
    "to_sym": lambda call, text: Symbol(text),
    "tr": _tr,
    "upcase": lambda call, text: text.upper(),
}
