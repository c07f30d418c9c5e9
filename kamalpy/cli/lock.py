"""``lock``: the deploy lock, which Kamal and kamalpy share."""

from __future__ import annotations

import click

from kamalpy.cli.settings import settings
from kamalpy.cli.tree import Entry, Group, command

_HERE = "kamalpy.cli.lock"
ENTRIES = {
    "status": Entry(f"{_HERE}:status", "Show who holds it, since when, and whether they live."),
    "acquire": Entry(f"{_HERE}:acquire", "Take it, until somebody releases it."),
    "release": Entry(f"{_HERE}:release", "Release it, whoever holds it."),
}

group = Group(ENTRIES, name="lock", help="The deploy lock: one deploy at a time.")


@command()
def status() -> int:
    """Show who holds the deploy lock, since when, and whether that run still lives."""
    from kamalpy.cli.looking import fleet, lock

    return lock.tell(fleet.engine_of(settings()))


@command()
@click.option("-m", "--message", required=True, help="Why, for whoever finds it.")
def acquire(message: str) -> int:
    """Take the deploy lock, until kamalpy lock release."""
    from kamalpy.cli.run import run

    return run("lock acquire", "lock_acquire", message=message)


@command()
def release() -> int:
    """Release the deploy lock, whoever holds it."""
    from kamalpy.cli.run import run

    return run("lock release", "lock_release")
