"""What happens while a command runs, for whoever shows it or writes it down."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Status(Enum):
    """How a step went on a host."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    PREDICTED = "would change"


class Level(Enum):
    """How much something that is said matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Begins:
    """The command begins, on these hosts."""

    command: str
    hosts: tuple[str, ...]
    dry: bool = False


@dataclass(frozen=True)
class StepBegins:
    """A step begins on all its hosts."""

    step: str


@dataclass(frozen=True)
class StepGoesOn:
    """A step has come to its end on so many of its hosts; how it went is told when it is over."""

    step: str
    done: int
    hosts: int


@dataclass(frozen=True)
class StepEnds:
    """A step has come to its end on a host; ``said`` is what was printed meanwhile."""

    step: str
    host: str
    status: Status
    seconds: float = 0
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ran:
    """A command was run on a host: its words, without the text of scripts, and what it wrote."""

    host: str
    command: str
    succeeded: bool
    seconds: float
    wrote: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """Something was said that belongs to no step: a difference, a warning."""

    text: str
    host: str | None = None
    level: Level = Level.INFO


@dataclass(frozen=True)
class Headed:
    """What is printed next comes from there; only people need to be told."""

    text: str


@dataclass(frozen=True)
class Printed:
    """
    A line of what was asked for: a list, a log, what a command writes.

    ``source`` is what it comes from, where that is more than its host: a role, an accessory.
    """

    text: str
    host: str | None = None
    source: str | None = None
    stream: str = "stdout"
    time: str | None = None


@dataclass(frozen=True)
class Release:
    """
    A version that servers know.

    ``at`` is when it began to serve last, ``missing`` why nobody can go back to it.
    """

    release: str
    at: str
    who: str | None
    digest: str | None
    hosts: tuple[str, ...]
    serves: bool
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ends:
    """
    The command has come to its end.

    ``changed`` and ``predicted`` count steps, each on each host. ``why`` it failed is told in
    sentences; ``next`` is what to try then.
    """

    command: str
    status: int
    seconds: float
    changed: int = 0
    predicted: int = 0
    hosts: int = 0
    why: tuple[str, ...] = field(default=())
    next: str | None = None


Event = Begins | StepBegins | StepGoesOn | StepEnds | Ran | Said | Headed | Printed | Release | Ends
