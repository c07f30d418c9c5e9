"""``app details`` and other commands that change nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from kamalpy.cli import typed
from kamalpy.cli.log_options import LogOptions, log_options
from kamalpy.cli.settings import settings
from kamalpy.cli.tree import command


@command()
def details() -> int:
    """Show the app's containers that run, role by role."""
    from kamalpy.cli.looking import asking, fleet, lists

    engine = fleet.engine_of(settings())
    return asking.ask(engine, lists.app(engine))


@command()
def containers() -> int:
    """Show all of the app's containers, those that have stopped as well."""
    from kamalpy.cli.looking import asking, fleet, lists

    engine = fleet.engine_of(settings())
    return asking.ask(engine, lists.containers(engine))


@command()
def images() -> int:
    """Show the app's images."""
    from kamalpy.cli.looking import asking, fleet, lists

    engine = fleet.engine_of(settings())
    return asking.ask(engine, lists.images(engine))


@command()
def version() -> int:
    """Show which version of the app serves."""
    from kamalpy.cli.looking import asking, fleet, lists

    engine = fleet.engine_of(settings())
    return asking.ask(engine, lists.version(engine))


@command(cls=typed.Running, name="exec")
@typed.interactive
@typed.reuse
@typed.env
@click.option("--detach", is_flag=True, help="Do not wait for its end.")
@typed.raw
@typed.with_words
def exec_(words: Sequence[str], **how: Any) -> int:
    """
    Run a command in the app, in every role on each of its servers.

    It gets a container of its own, made like the one that serves: its image, its variables, its
    volumes. CMD may be one word, which a shell runs if it has anything that a shell understands
    ("ls -l | head"); or several, which arrive as they are (ls "a b").
    """
    typed.exclusive(detach=how["detach"], interactive=how["interactive"])
    typed.exclusive(detach=how["detach"], reuse=how["reuse"])
    typed.exclusive(raw=how["raw"], interactive=how["interactive"])
    typed.exclusive(raw=how["raw"], detach=how["detach"])
    from kamalpy.cli.looking import fleet, running

    return running.in_app(fleet.engine_of(settings()), running.Wish(words, **how))


@command()
@log_options
@click.option("--container-id", metavar="ID", help="Of this container.")
def logs(asked: LogOptions, container_id: str | None) -> int:
    """Show the app's log lines, of all roles and servers in the order of their times."""
    from kamalpy.cli.looking import fleet, log_sources
    from kamalpy.cli.looking.logs import show

    engine = fleet.engine_of(settings())
    return show(engine, asked, log_sources.app(engine, container_id))
