"""What a template has written so far, and which of its lines each piece came from."""

from __future__ import annotations

from dataclasses import dataclass, field

from kamalpy.config.templates.limits import MAX_OUTPUT
from kamalpy.config.templates.trouble import Exceeded


@dataclass(slots=True)
class Output:
    """Pieces of text with their first line; text of the template walks on from line to line."""

    pieces: list[tuple[str, int, bool]] = field(default_factory=list)
    size: int = 0

    def write(self, text: str, line: int, *, walks: bool) -> None:
        """Add a piece."""
        self.size += len(text)
        if self.size > MAX_OUTPUT:
            raise Exceeded("the template writes too much", "loop over less")
        if text:
            self.pieces.append((text, line, walks))

    def text(self) -> str:
        """All of it."""
        return "".join(text for text, _, _ in self.pieces)

    def lines(self) -> list[int]:
        """For each line of the text the line it came from."""
        found = [1]
        empty = True
        for text, line, walks in self.pieces:
            count = text.count("\n")
            if empty:
                found[-1] = line
            found.extend(range(line + 1, line + 1 + count) if walks else [line] * count)
            empty = text.endswith("\n")
        return found
