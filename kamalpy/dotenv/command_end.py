"""Where a ``$(command)`` ends."""

from __future__ import annotations

import re

_MARKS = re.compile(r"\\.|['\"()]", re.DOTALL)


def end_of_command(text: str, start: int) -> int | None:
    r"""
    Find the end of the command whose text begins at ``start``, past its closing parenthesis.

    Parentheses in quotes do not count. Where that finds no end, quotes are ordinary characters,
    which is Kamal's rule: an apostrophe in a comment does no harm.
    """
    end = _end(text, start, "'\"")
    return _end(text, start, "") if end is None else end


def _end(text: str, start: int, quotes: str) -> int | None:
    open_marks = ["("]
    for match in _MARKS.finditer(text, start):
        mark, innermost = match[0], open_marks[-1]
        if innermost == "'":
            # A backslash means nothing here, so that the quote behind it counts.
            if mark[-1] == "'":
                open_marks.pop()
        elif mark in quotes and mark == innermost:
            open_marks.pop()
        elif mark == "(" and (innermost != '"' or text[match.start() - 1] == "$"):
            open_marks.append(mark)
        elif mark == ")" and innermost == "(":
            open_marks.pop()
            if not open_marks:
                return match.end()
        elif mark in quotes and (mark == '"' or innermost == "("):
            open_marks.append(mark)
    return None
