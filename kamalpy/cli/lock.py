"""``lock``: the deploy lock, which Kamal and kamalpy share."""

from __future__ import annotations

import click

from kamalpy.cli.settings import settings
from kamalpy.cli.tree import Group

group = Group(name="lock", help="The deploy lock: one deploy at a time.")


@group.command()
def status() -> int:
    """Show who holds the lock, since when, and whether that run is still alive."""
    from kamalpy.cli.queries import fleet, state

    return state.show_lock(fleet.new_engine(settings()))


group.add_deploys(
    {"acquire": "Take the lock, until kamalpy lock release."},
    click.option("-m", "--message", required=True, help="The reason, for whoever finds it."),
)
group.add_deploys({"release": "Release the lock, whoever holds it."})
