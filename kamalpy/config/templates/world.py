"""What a template can reach: ENV, the project's folder, and what it was allowed to run."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from .limits import Meter
from .trouble import Stopped, Trouble
from .values import Match, Value


@dataclass(slots=True)
class Memory:
    """
    What the templates of one configuration leave behind for each other.

    Kamal renders deploy.yml and the destination's file one after the other in one process: what
    the first one loads into ENV, requires, or keeps in ``@variables`` and methods, the second one
    sees. ``environ`` is ENV as the last template left it, ``None`` before the first one.
    """

    environ: dict[str, str] | None = None
    variables: dict[str, Value] = field(default_factory=dict)
    methods: dict[str, Value] = field(default_factory=dict)
    libraries: set[str] = field(default_factory=set)
    withheld: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class World:
    """One rendering: all that methods with a reach beyond their receiver may touch."""

    root: Path
    environ: dict[str, str]
    allow_commands: bool = False
    memory: Memory = field(default_factory=Memory)
    meter: Meter = field(default_factory=Meter)
    problems: list[Trouble] = field(default_factory=list)
    last_match: Match | None = None

    def path(self, name: str) -> Path:
        """A path as the template means it: relative to the project's folder."""
        return self.root / name

    def before_running(self) -> None:
        """Run no command once something is wrong: Ruby would have stopped."""
        if self.problems:
            raise Stopped("earlier problems")
