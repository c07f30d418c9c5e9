"""What happens while a command runs, for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Status(Enum):
    """How a step went on a host."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    PREDICTED = "would change"


@dataclass(frozen=True)
class StepBegins:
    """A step begins on all its hosts."""

    step: str


@dataclass(frozen=True)
class StepEnds:
    """A step has come to its end on a host; ``said`` is what was printed meanwhile."""

    step: str
    host: str
    status: Status
    seconds: float = 0
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """Something was said that belongs to no step: a difference, a warning."""

    text: str
    host: str | None = None


@dataclass(frozen=True)
class Ends:
    """The command has come to its end."""

    command: str
    status: int
    seconds: float
    changed: int = 0
    why: tuple[str, ...] = field(default=())


Event = StepBegins | StepEnds | Said | Ends
