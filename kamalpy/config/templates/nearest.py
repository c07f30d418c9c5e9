"""Matches the lines of a result with those of its source, where they were not counted."""

from __future__ import annotations

_WINDOW = 200


def nearest_lines(source: str, result: str) -> list[int]:
    """
    Return a line of the source for each line of the result.

    Lines that are in both match; between two of those, one line follows the other.
    """
    written = source.split("\n")
    lines = result.split("\n")
    anchors = _anchors(written, lines)
    found: list[int] = []
    following = len(written)
    for index in range(len(lines) - 1, -1, -1):
        following = anchors.get(index, following)
        found.append(following)
    found.reverse()
    last = -1
    for index, limit in enumerate(found):
        last = anchors.get(index, min(last + 1, max(limit - 1, last, 0)))
        found[index] = last + 1
    return found


def _anchors(written: list[str], lines: list[str]) -> dict[int, int]:
    """Return the lines of the result that are in the source as well, in the same order."""
    anchors: dict[int, int] = {}
    at = 0
    for index, line in enumerate(lines):
        ahead = range(at, min(at + _WINDOW, len(written)))
        match = next((each for each in ahead if written[each] == line), None)
        if match is not None and line.strip():
            anchors[index] = match
            at = match + 1
    return anchors
