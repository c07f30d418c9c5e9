"""The output of a template, which line of it each piece comes from, and where an offset is."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from .limits import MAX_OUTPUT
from .template_errors import LimitError


@dataclass(slots=True)
class Output:
    """Pieces of text with their first line; ``follows``: one line of the template per line."""

    pieces: list[tuple[str, int, bool]] = field(default_factory=list)
    size: int = 0

    def write(self, text: str, line: int, *, follows: bool) -> None:
        """Add a piece."""
        self.size += len(text)
        if self.size > MAX_OUTPUT:
            raise LimitError("the template writes too much", "loop over less")
        if text:
            self.pieces.append((text, line, follows))

    def text(self) -> str:
        """Return all of it."""
        return "".join(text for text, _, _ in self.pieces)

    def lines(self) -> list[int]:
        """Return the template's line for each line of the text."""
        found = [1]
        empty = True
        for text, line, follows in self.pieces:
            count = text.count("\n")
            if empty:
                found[-1] = line
            found.extend(range(line + 1, line + 1 + count) if follows else [line] * count)
            empty = text.endswith("\n")
        return found


@dataclass(frozen=True, slots=True)
class Places:
    """Lines and columns of offsets in a text."""

    breaks: tuple[int, ...]

    def line(self, offset: int) -> int:
        """Return the line, from 1."""
        return bisect_right(self.breaks, offset) + 1

    def column(self, offset: int) -> int:
        """Return the column, from 1."""
        line = self.line(offset)
        return offset - (self.breaks[line - 2] if line > 1 else 0) + 1


def places_in(text: str) -> Places:
    """Find the lines of a text."""
    return Places(tuple(found.end() for found in re.finditer("\n", text)))
