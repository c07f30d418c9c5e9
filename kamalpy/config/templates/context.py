"""What a template can reach: ENV, the project's files, and the commands it may run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .limits import Meter
from .output import Output, Places, places_in
from .template_errors import RenderError, SkippedError


@dataclass(slots=True)
class SharedContext:
    """
    What the templates of one configuration share.

    Kamal renders deploy.yml and the destination's file one after the other in one process: the
    second sees what the first loads into ENV, requires, or assigns to ``@variables`` and
    constants. ``environ`` is ENV as the last template left it, ``None`` before the first one.
    ``withheld`` holds variables whose value is a command that was not permitted.
    """

    environ: dict[str, str] | None = None
    variables: dict[str, object] = field(default_factory=dict)
    libraries: set[str] = field(default_factory=set)
    withheld: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class RenderContext:
    """One rendering; ``inherited`` is the environment that no template has changed."""

    root: Path
    environ: dict[str, str]
    inherited: Mapping[str, str]
    allow_commands: bool = False
    shared: SharedContext = field(default_factory=SharedContext)
    meter: Meter = field(default_factory=Meter)
    problems: list[RenderError] = field(default_factory=list)
    output: Output = field(default_factory=Output)
    places: Places = field(default_factory=lambda: places_in(""))
    rescuing: int = 0

    def require_no_problems(self) -> None:
        """Refuse to run a command after an error, where Ruby would have stopped."""
        if self.problems:
            raise SkippedError("an earlier problem")
