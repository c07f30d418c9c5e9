"""A command: its name, its flags, its rules, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from standin.cli.flags import Flag, UsageError, Words


class Command(NamedTuple):
    """One command, or a group of them."""

    path: str
    summary: str
    run: Callable[[Words], None] | None = None
    takes: str = ""
    flags: tuple[Flag, ...] = ()
    commands: tuple[Command, ...] = ()
    aliases: tuple[str, ...] = ()
    check: Callable[[Words], None] = lambda words: None
    required: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The last word of the path."""
        return self.path.rpartition(" ")[2]

    def find(self, line: Sequence[str]) -> tuple[Command, list[str]]:
        """The command that the line names, and the line without those names."""
        position = next((i for i, word in enumerate(line) if not word.startswith("-")), None)
        if position is not None:
            for command in self.commands:
                if line[position] in (command.name, *command.aliases):
                    return command.find([*line[:position], *line[position + 1 :]])
        return self, list(line)

    def validate(self, words: Words) -> None:
        """Hold the words against the command's rules, in the order cobra does."""
        self._count(words.arguments)
        self.check(words)
        missing = [name for name in self.required if name not in words.given]
        if missing:
            quoted = ", ".join(f'"{name}"' for name in missing)
            raise UsageError(f"required flag(s) {quoted} not set")
        self._groups(words)

    def _count(self, arguments: list[str]) -> None:
        if self.takes == "<service>" and len(arguments) != 1:
            raise UsageError(f"accepts 1 arg(s), received {len(arguments)}")
        if self.takes == "nothing" and arguments:
            raise UsageError(f'unknown command "{arguments[0]}" for "{self.path}"')

    def _groups(self, words: Words) -> None:
        missing = [name for name in self.together if name not in words.given]
        if missing and len(missing) < len(self.together):
            raise UsageError(
                f"if any flags in the group [{' '.join(self.together)}] are set"
                f" they must all be set; missing [{' '.join(missing)}]"
            )
        if self.one_of and not words.given.intersection(self.one_of):
            raise UsageError(
                f"at least one of the flags in the group [{' '.join(self.one_of)}] is required"
            )
