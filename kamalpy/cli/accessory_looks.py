"""``accessory details`` and other commands that change nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from kamalpy.cli import candidates, typed
from kamalpy.cli.log_options import LogOptions, log_options
from kamalpy.cli.settings import settings
from kamalpy.cli.tree import command

_named = click.argument("name", shell_complete=candidates.argument(candidates.accessories))


@command()
@_named
def details(name: str) -> int:
    """Show the container of the accessory NAME, or with all those of all accessories."""
    from kamalpy.cli.looking import asking, fleet, lists

    engine = fleet.engine_of(settings())
    return asking.ask(engine, lists.accessories(engine, name))


@command(cls=typed.Running, name="exec")
@typed.interactive
@typed.reuse
@typed.env
@typed.raw
@_named
@typed.with_words
def exec_(name: str, words: Sequence[str], **how: Any) -> int:
    """
    Run a command in the accessory NAME, on each of its servers.

    It gets a container of its own, made like the accessory's: its image, its variables, its
    volumes, its network. CMD may be one word, which a shell runs if it has anything that a shell
    understands; or several, which arrive as they are.
    """
    typed.exclusive(raw=how["raw"], interactive=how["interactive"])
    from kamalpy.cli.looking import fleet, running

    return running.in_accessory(fleet.engine_of(settings()), running.Wish(words, **how), name)


@command()
@log_options
@_named
def logs(asked: LogOptions, name: str) -> int:
    """Show the log lines of the accessory NAME, of all its servers in the order of their times."""
    from kamalpy.cli.looking import fleet, log_sources
    from kamalpy.cli.looking.logs import show

    engine = fleet.engine_of(settings())
    return show(engine, asked, log_sources.accessory(engine, name))
