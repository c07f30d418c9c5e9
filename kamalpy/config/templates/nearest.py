"""Which line of a source a line of a result came from, where nobody kept count."""

from __future__ import annotations

_WINDOW = 200


def nearest_lines(source: str, result: str) -> list[int]:
    """
    For each line of the result a line of the source, by walking both downwards.

    A line that stands in both belongs together; between two of those, one line follows the other.
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
    """Lines of the result that stand in the source, too, in the same order."""
    anchors: dict[int, int] = {}
    at = 0
    for index, line in enumerate(lines):
        ahead = range(at, min(at + _WINDOW, len(written)))
        match = next((each for each in ahead if written[each] == line), None)
        if match is not None and line.strip():
            anchors[index] = match
            at = match + 1
    return anchors
