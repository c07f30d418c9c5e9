"""Methods of strings that replace: sub, gsub, tr, delete, squeeze; and scan and count."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from kamalpy.config.templates.limits import MAX_SIZE
from kamalpy.config.templates.trouble import RubyError
from kamalpy.config.templates.values import Hash, Match, Regexp, Value, key_of

from .methods import Call, Methods, wrong_kind
from .patterns import find, regexp_of

_REFERENCE = re.compile(r"\\(?:(\d)|k<(\w+)>|([&0`'\\]))")


def _sub(call: Call, text: str, pattern: Value, replacement: Value = None) -> str:
    return _replaced(call, text, pattern, replacement, once=True)


def _gsub(call: Call, text: str, pattern: Value, replacement: Value = None) -> str:
    return _replaced(call, text, pattern, replacement, once=False)


def _replaced(call: Call, text: str, pattern: Value, replacement: Value, *, once: bool) -> str:
    if isinstance(pattern, str) and isinstance(replacement, str) and "\\" not in replacement:
        count = 1 if once else text.count(pattern)
        size = len(text) + count * max(len(replacement) - len(pattern), 0)
        call.meter.room(min(size, MAX_SIZE + 1))
        return text.replace(pattern, replacement, 1 if once else -1)
    change = _change(call, replacement)
    parts: list[str] = []
    done = 0
    for found in _matches(call, text, pattern, once=once):
        start, end = found.spans[0] or (0, 0)
        parts += (text[done:start], change(found))
        call.meter.room(sum(map(len, parts[-2:])))
        done = end
    parts.append(text[done:])
    call.meter.room(sum(map(len, parts)))
    return "".join(parts)


def _matches(call: Call, text: str, pattern: Value, *, once: bool = False) -> Iterator[Match]:
    wanted = _literally(call, pattern)
    at = 0
    while at <= len(text):
        found = find(wanted, text, at, call)
        if found is None or found.spans[0] is None:
            return
        call.world.last_match = found
        yield found
        start, end = found.spans[0]
        at = end + (end == start)
        if once:
            return


def _literally(call: Call, pattern: Value) -> Regexp:
    """A pattern of plain text stands for itself."""
    if isinstance(pattern, str):
        return regexp_of(re.sub(r"([^\w\s])", r"\\\1", pattern), call)
    return regexp_of(pattern, call)


def _change(call: Call, replacement: Value) -> Callable[[Match], str]:
    if isinstance(replacement, str):
        return lambda found: _expanded(replacement, found)
    if isinstance(replacement, Hash):
        return lambda found: call.text(replacement.get(key_of(found.group(0), call.meter)))
    if replacement is None:
        return lambda found: _yielded(call, found)
    raise wrong_kind(replacement, "String")


def _yielded(call: Call, found: Match) -> str:
    return call.text(call.yields(found.group(0)))


def _expanded(replacement: str, found: Match) -> str:
    """The replacement with ``\\1`` and ``\\k<name>`` filled in."""

    def expand(reference: re.Match[str]) -> str:
        number, name, sign = reference.groups()
        if number:
            return found.group(int(number)) or ""
        if name:
            return found.group(found.regexp.program.names.get(name, len(found.spans))) or ""
        start, end = found.spans[0] or (0, 0)
        sides = {"&": found.group(0) or "", "`": found.subject[:start], "'": found.subject[end:]}
        return sides.get(sign, "\\")

    return _REFERENCE.sub(expand, replacement)


def _scan(call: Call, text: str, pattern: Value) -> Value:
    found: list[Value] = []
    for match in _matches(call, text, pattern):
        groups = [match.group(number) for number in range(1, len(match.spans))]
        item = groups or match.group(0)
        found.append(item)
        if call.block is not None:
            call.yields(item)
    return text if call.block is not None else call.listed(found)


def _characters(specification: str) -> tuple[bool, list[str]]:
    """Read ``a-z`` or ``^0-9``: whether it is meant to be left out, and the characters."""
    negated = len(specification) > 1 and specification.startswith("^")
    return negated, _listed(specification[1:] if negated else specification)


def _listed(specification: str) -> list[str]:
    parts = re.findall(r"\\?(?:[^\\-]-(?:\\?.)|.)|.", specification, re.DOTALL)
    return [character for part in parts for character in _span(part)]


def _span(part: str) -> list[str]:
    plain = part.removeprefix("\\") if len(part) > 1 else part
    if len(plain) < 3 or plain[1] != "-":
        return list(plain)
    first, last = plain[0], plain[-1]
    if ord(last) < ord(first):
        raise RubyError("ArgumentError", "a span of characters begins behind its end")
    return [chr(code) for code in range(ord(first), ord(last) + 1)]


def _translated(text: str, old: str, new: str) -> list[str | None]:
    """What each character becomes; None for one that stays."""
    negated, sources = _characters(old)
    targets = _listed(new)
    last = targets[-1] if targets else ""
    if negated:
        known = set(sources)
        return [None if character in known else last for character in text]
    table: dict[str, str] = {}
    for index, source in enumerate(sources):
        table.setdefault(source, targets[index] if index < len(targets) else last)
    return [table.get(character) for character in text]


def _tr(call: Call, text: str, old: str, new: str) -> str:
    changed = _translated(text, old, new)
    return "".join(
        character if target is None else target
        for character, target in zip(text, changed, strict=True)
    )


def _tr_s(call: Call, text: str, old: str, new: str) -> str:
    changed = _translated(text, old, new)
    parts: list[str] = []
    before: str | None = None
    for character, target in zip(text, changed, strict=True):
        if target is None or target != before:
            parts.append(character if target is None else target)
        before = target
    return "".join(parts)


def _selected(specifications: tuple[str, ...]) -> Callable[[str], bool]:
    sets = [(negated, set(found)) for negated, found in map(_characters, specifications)]
    return lambda character: all((character in found) is not negated for negated, found in sets)


def _delete(call: Call, text: str, first: str, *more: str) -> str:
    chosen = _selected((first, *more))
    return "".join(character for character in text if not chosen(character))


def _count(call: Call, text: str, first: str, *more: str) -> int:
    chosen = _selected((first, *more))
    return sum(map(chosen, text))


def _squeeze(call: Call, text: str, *specifications: str) -> str:
    chosen = _selected(specifications)
    return "".join(
        character
        for index, character in enumerate(text)
        if not (index and text[index - 1] == character and chosen(character))
    )


REPLACING: Methods = {
    "count": _count,
    "delete": _delete,
    "gsub": _gsub,
    "scan": _scan,
    "squeeze": _squeeze,
    "sub": _sub,
    "tr": _tr,
    "tr_s": _tr_s,
}
