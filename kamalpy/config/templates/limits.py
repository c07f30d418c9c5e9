"""Limits of a rendering: every step and every new value is counted."""

from __future__ import annotations

from dataclasses import dataclass

from .template_errors import LimitError

MAX_SIZE = 1_000_000
MAX_OUTPUT = 4_000_000
MAX_DEPTH = 100
MAX_BITS = 8_000
_CHARACTERS_PER_STEP = 40


@dataclass(slots=True)
class Meter:
    """The steps that one rendering has left, and how deep it is nested."""

    steps: int = 500_000
    depth: int = 0

    def spend(self, steps: int = 1) -> None:
        """Count steps."""
        self.steps -= steps
        if self.steps < 0:
            raise LimitError("the template runs for too long", "loop over less")

    def allocate(self, size: int) -> None:
        """Count a new value of this many characters or elements, before it is made."""
        if size > MAX_SIZE:
            raise LimitError(
                f"a value of {size:,} characters or elements is too large",
                f"stay below {MAX_SIZE:,}",
            )
        self.spend(size // _CHARACTERS_PER_STEP)

    def enter(self) -> None:
        """Go one level deeper; ``leave`` returns."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise LimitError("this is nested too deeply", "split it with local variables")

    def leave(self) -> None:
        """Leave a level."""
        self.depth -= 1
