"""The events of a run, for outputs that show or record them, and its exit status."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntEnum


class Exit(IntEnum):
    """The exit status of a command."""

    OK = 0
    ERROR = 1
    DRIFT = 2
    LOCKED = 3
    UNHEALTHY = 4
    REVERTED = 5
    UNREACHABLE = 6
    LEFTOVERS = 7
    DIVIDED = 8
    INTERRUPTED = 130


class Status(Enum):
    """The result of a step on a host."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    PREDICTED = "would change"


class Level(Enum):
    """The level of a message."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Event:
    """Something that happens in a run."""


@dataclass(frozen=True)
class RunStarted(Event):
    """The command begins, on these hosts."""

    command: str
    hosts: tuple[str, ...]
    dry: bool = False


@dataclass(frozen=True)
class StepStarted(Event):
    """A step begins on all its hosts."""

    step: str


@dataclass(frozen=True)
class StepProgress(Event):
    """A step has ended on some of its hosts; results follow when it has ended on all."""

    step: str
    done: int
    hosts: int


@dataclass(frozen=True)
class StepEnded(Event):
    """A step has ended on a host; ``said`` are the lines printed during it."""

    step: str
    host: str
    status: Status
    seconds: float = 0
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class CommandRan(Event):
    """A command ran on a host: its words, without the text of scripts, and its output."""

    host: str
    command: str
    succeeded: bool
    seconds: float
    wrote: tuple[str, ...] = ()


@dataclass(frozen=True)
class Message(Event):
    """A message that belongs to no step: a difference, a warning."""

    text: str
    host: str | None = None
    level: Level = Level.INFO


@dataclass(frozen=True)
class Heading(Event):
    """A heading for what is printed next, for people only."""

    text: str


@dataclass(frozen=True)
class Printed(Event):
    """
    A line of output: of a list, a log, a command.

    ``source`` is the role or accessory it comes from, where there is one.
    """

    text: str
    host: str | None = None
    source: str | None = None
    stream: str = "stdout"
    time: str | None = None


@dataclass(frozen=True)
class Release(Event):
    """
    A version that servers have a record of.

    ``at`` is when it last began to serve, ``missing`` why a rollback to it is impossible.
    """

    release: str
    at: str
    who: str | None
    digest: str | None
    hosts: tuple[str, ...]
    serves: bool
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class RunEnded(Event):
    """
    The command has ended.

    ``changed`` and ``predicted`` count steps, once per host. ``why`` are the reasons of a failure,
    ``next`` is the command to try then.
    """

    command: str
    status: int
    seconds: float
    changed: int = 0
    predicted: int = 0
    hosts: int = 0
    why: tuple[str, ...] = field(default=())
    next: str | None = None
