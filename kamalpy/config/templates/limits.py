"""How much a template may do: every step and every value made is paid for."""

from __future__ import annotations

from dataclasses import dataclass

from .trouble import Exceeded

MAX_SIZE = 1_000_000
MAX_OUTPUT = 4_000_000
MAX_DEPTH = 100
MAX_BITS = 8_000
_CHARACTERS_A_STEP = 40


@dataclass(slots=True)
class Meter:
    """What is left for one template: steps, and nesting."""

    steps: int = 500_000
    depth: int = 0

    def spend(self, steps: int = 1) -> None:
        """Pay for work."""
        self.steps -= steps
        if self.steps < 0:
            raise Exceeded("the template runs for too long", "loop over less")

    def room(self, size: int) -> None:
        """Pay for a value of this many characters or elements, before it is made."""
        if size > MAX_SIZE:
            raise Exceeded(
                f"a value of {size:,} characters or elements is too large",
                f"stay below {MAX_SIZE:,}",
            )
        self.spend(size // _CHARACTERS_A_STEP)

    def deeper(self) -> None:
        """Enter one more level; ``shallower`` leaves it."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Exceeded("this is nested too deeply", "take it apart with local variables")

    def shallower(self) -> None:
        """Leave a level that ``deeper`` entered."""
        self.depth -= 1
