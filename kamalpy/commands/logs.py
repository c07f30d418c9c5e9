"""Logs of containers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyinfra.api.command import StringCommand

from kamalpy.commands.base import quoted, script
from kamalpy.commands.execution import Where

NOTHING = 66
"""The exit status where the host has no such container."""


@dataclass(frozen=True, slots=True)
class Logs:
    """
    Which lines of a log, and how.

    ``times`` puts docker's own before each line; ``since`` and ``lines`` are docker's words,
    ``grep`` a pattern and ``grep_options`` options of grep.
    """

    since: str | None = None
    lines: str | None = None
    grep: str | None = None
    grep_options: Sequence[str] = ()
    follow: bool = False
    times: bool = True

    def of(self, where: Where) -> StringCommand:
        """Print them, and follow the log as long as the output is read."""
        return script(
            "logs",
            *map(quoted, self.grep_options),
            **where.words,
            follow="yes" if self.follow else "",
            times="yes" if self.times else "",
            since=self.since,
            lines=self.lines,
            pattern=self.grep,
        )
