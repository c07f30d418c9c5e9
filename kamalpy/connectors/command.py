"""What was typed, for those who are told of it: hooks, and whoever asks for the first host."""

from __future__ import annotations

from dataclasses import dataclass, field

from kamalpy._pyinfra import command_line

_ENTRY = "kamalpy.deploys:"


@dataclass(slots=True)
class Command:
    """
    The command of this run.

    A run of pyinfra itself tells its verb only by what stands in its command line.
    """

    words: tuple[str, ...] = field(default_factory=lambda: _words_of(command_line()))
    program: str = "pyinfra"
    roles: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    skip_hooks: bool = False
    verbose: bool = False
    connect_timeout: int | None = None


def _words_of(arguments: list[str]) -> tuple[str, ...]:
    verbs = [each.removeprefix(_ENTRY) for each in arguments if each.startswith(_ENTRY)]
    return tuple(verbs[0].split("_", 1)) if len(verbs) == 1 else ()
