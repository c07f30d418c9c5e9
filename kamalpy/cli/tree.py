"""Groups of commands that are found by their beginnings, and loaded when they are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click

from kamalpy.cli.settings import options


def spelled(text: str) -> str:
    """Spell a name with - where it may have _ as well."""
    return text.replace("_", "-")


CONTEXT: Mapping[str, Any] = {"help_option_names": ["--help"], "token_normalize_func": spelled}


@dataclass(frozen=True)
class Entry:
    """Where a command is, and what it does in a line."""

    place: str
    help: str
    hidden: bool = False

    def load(self) -> click.Command:
        """Import it: ``module:attribute``."""
        module, _, attribute = self.place.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


class Command(click.Command):
    """A command that takes the options all commands share."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["context_settings"] = {**CONTEXT, **(kwargs.get("context_settings") or {})}
        super().__init__(*args, **kwargs)
        self.params.extend(options())


class Group(click.Group):
    """Commands by name, by any beginning that only one of them has, with - or _ alike."""

    command_class = Command

    def __init__(self, entries: Mapping[str, Entry], **kwargs: Any) -> None:
        super().__init__(context_settings=dict(CONTEXT), **kwargs)
        self.entries = entries
        self.params.extend(options())

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order in which they are declared."""
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find a command; raises when more than one begins like that."""
        name = self.full_name(cmd_name)
        return self.entries[name].load() if name else None

    def full_name(self, beginning: str) -> str | None:
        """Complete a name."""
        names = {spelled(name): name for name in self.entries}
        wanted = spelled(beginning)
        if wanted in names:
            return names[wanted]
        found = [name for each, name in names.items() if each.startswith(wanted)]
        shown = [name for name in found if not self.entries[name].hidden]
        if len(shown) > 1:
            raise click.UsageError(f"{beginning}: could be {', '.join(shown)}")
        return shown[0] if shown else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading any."""
        rows = [(name, each.help) for name, each in self.entries.items() if not each.hidden]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def command(**kwargs: Any) -> Callable[[Callable[..., Any]], Command]:
    """Declare a command."""
    return click.command(cls=Command, **kwargs)
