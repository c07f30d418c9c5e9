"""``-h`` and ``-r``: names with wildcards, several with commas, as Kamal matches them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kamalpy.errors import DeployError


def matching(asked: str | None, known: Sequence[str], what: str) -> Sequence[str]:
    """
    List the names that the patterns select, in the order of the patterns; no patterns select none.

    Each pattern has to match something; Kamal accepts them if one of them does.
    """
    found: dict[str, None] = {}
    for pattern in listed(asked or ""):
        matches = [name for name in known if matches_glob(pattern, name)]
        if not matches:
            raise DeployError(
                f"--{what}s {pattern}: matches no {what}; deploy.yml has {', '.join(known)}"
            )
        found.update(dict.fromkeys(matches))
    return list(found)


def listed(text: str) -> list[str]:
    """Split a list at its commas, but not at those between braces; Kamal splits there as well."""
    items, depth, begin = [], 0, 0
    for at, letter in enumerate(text):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if letter == "," and depth <= 0:
            items.append(text[begin:at])
            begin, depth = at + 1, 0
    items.append(text[begin:])
    return [each.strip() for each in items if each.strip()]


def matches_glob(pattern: str, name: str) -> bool:
    r"""
    Tell whether a pattern matches a name: ``*``, ``?``, ``[set]``, ``{a,b}``, ``\`` before any.

    As Ruby's ``File.fnmatch`` with ``FNM_EXTGLOB``: a wildcard at the beginning matches no dot.
    """
    return any(_expression(each).fullmatch(name) is not None for each in _alternatives(pattern))


def _alternatives(pattern: str) -> Iterator[str]:
    """Expand the first braces; an unbalanced brace matches nothing."""
    begin, end = _braces(pattern)
    if begin is None and end is None:
        yield pattern
    elif begin is not None and end is not None:
        for each in _choices(pattern[begin + 1 : end]):
            yield from _alternatives(pattern[:begin] + each + pattern[end + 1 :])


def _braces(pattern: str) -> tuple[int | None, int | None]:
    begin, depth, at = None, 0, 0
    while at < len(pattern):
        if pattern[at] == "{":
            begin = at if depth == 0 else begin
            depth += 1
        elif pattern[at] == "}" and begin is not None:
            depth -= 1
            if depth == 0:
                return begin, at
        at += 2 if pattern[at] == "\\" else 1
    return begin, None


def _choices(text: str) -> Iterator[str]:
    begin = depth = at = 0
    while at < len(text):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if text[at] == "," and depth == 0:
            yield text[begin:at]
            begin = at + 1
        at += 2 if text[at] == "\\" else 1
    yield text[begin:]


def _expression(pattern: str) -> re.Pattern[str]:
    parts, at = [], 0
    while at < len(pattern):
        part, at = _part(pattern, at)
        parts.append(r"(?!\A\.)" + part if part in _WILD or part.startswith("[") else part)
    try:
        return re.compile("".join(parts), re.DOTALL)
    except re.error:
        return _NEVER


_WILD = (".*", ".")
_NEVER = re.compile(r"(?!)")


def _part(pattern: str, at: int) -> tuple[str, int]:
    """Translate the part at a position; return where the next one begins."""
    letter = pattern[at]
    if letter == "*":
        return ".*", at + 1
    if letter == "?":
        return ".", at + 1
    if letter == "[":
        return _set(pattern, at)
    if letter == "\\":
        return re.escape(pattern[at + 1 : at + 2]), at + 2
    return re.escape(letter), at + 1


def _set(pattern: str, at: int) -> tuple[str, int]:
    """Translate ``[a-z]``, ``[^a]``, ``[!a]``; one that is never closed matches nothing."""
    at += 1
    denied = pattern[at : at + 1] in ("^", "!") and at < len(pattern)
    at += denied
    ranges: list[str] = []
    while at < len(pattern) and pattern[at] != "]":
        first, at = _letter(pattern, at)
        last = first
        if pattern[at : at + 1] == "-" and pattern[at + 1 : at + 2] not in ("", "]"):
            last, at = _letter(pattern, at + 1)
        if first <= last:
            ranges.append(f"{re.escape(first)}-{re.escape(last)}")
    if at >= len(pattern):
        return _NEVER.pattern, at
    if not ranges:
        return (r"[\s\S]" if denied else _NEVER.pattern), at + 1
    return f"[{'^' if denied else ''}{''.join(ranges)}]", at + 1


def _letter(pattern: str, at: int) -> tuple[str, int]:
    at += pattern[at] == "\\" and at + 1 < len(pattern)
    return pattern[at], at + 1
