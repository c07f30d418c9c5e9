"""``help``, ``tree``, ``version``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

import kamalpy
from kamalpy.cli.tree import AnywhereCommand, Group, command

_BRANCHES = (("├─ ", "│  "), ("└─ ", "   "))


@command(cls=AnywhereCommand)
def tree() -> None:
    """Show all commands."""
    root = click.get_current_context().find_root().command
    click.echo("kamalpy")
    if isinstance(root, Group):
        lines = list(branches(root))
        width = max(len(branch) for branch, _ in lines)
        for branch, help_text in lines:
            click.echo(f"{branch:{width}}  {help_text}")


@command(cls=AnywhereCommand)
def version() -> None:
    """Show the version of kamalpy; kamalpy app version shows the app's."""
    click.echo(kamalpy.__version__)


@command("help", AnywhereCommand)
@click.argument("words", nargs=-1, metavar="[COMMAND]...")
def help_(words: Sequence[str]) -> None:
    """Show help for a command, as kamalpy COMMAND --help does."""
    context = click.get_current_context().find_root()
    for word in words:
        group = context.command
        if not isinstance(group, Group):
            raise click.UsageError(f"{word}: {context.command_path} has no commands below it")
        name, found, _ = group.resolve_command(context, [word])
        if found is None or name is None:
            raise group.unknown(context, word)
        context = click.Context(found, info_name=name, parent=context)
    click.echo(context.get_help())


def branches(group: Group, before: str = "") -> Iterator[tuple[str, str]]:
    """Draw the commands of a group, and those below them, each with what it does."""
    commands = [(name, each) for name, each in group.commands.items() if not each.hidden]
    for number, (name, below_it) in enumerate(commands, 1):
        branch, below = _BRANCHES[number == len(commands)]
        yield f"{before}{branch}{name}", below_it.get_short_help_str()
        if isinstance(below_it, Group):
            yield from branches(below_it, before + below)
