"""``accessory details`` and other commands that change nothing."""

from __future__ import annotations

import click

from kamalpy.cli.settings import settings
from kamalpy.cli.tree import command


@command()
@click.argument("name")
def details(name: str) -> int:
    """Show the container of the accessory NAME, or with all those of all accessories."""
    from kamalpy.cli.looking import asking, fleet, lists

    engine = fleet.engine_of(settings())
    return asking.ask(engine, lists.accessories(engine, name))
