"""The command of a run, for the variables of hooks and the choice of a primary host."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from kamalpy._pyinfra import command_line

_ENTRY = "kamalpy.deploys:"


@dataclass(slots=True)
class Command:
    """
    The command of this run.

    Where pyinfra's own command line runs it, its words are those of the deploy named there.
    """

    words: tuple[str, ...] = field(default_factory=lambda: _words_of(command_line()))
    program: str = "pyinfra"
    roles: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    skip_hooks: bool = False
    verbose: bool = False
    connect_timeout: int | None = None
    report: Callable[[str, bool, float, str], None] | None = None
    """Called with each command that runs on this machine: success, seconds, output."""


def _words_of(arguments: list[str]) -> tuple[str, ...]:
    verbs = [each.removeprefix(_ENTRY) for each in arguments if each.startswith(_ENTRY)]
    return tuple(verbs[0].split("_", 1)) if len(verbs) == 1 else ()
