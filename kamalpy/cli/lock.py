"""``lock``: the deploy lock, which Kamal and kamalpy share."""

from __future__ import annotations

import click

from kamalpy.cli.tree import Group

group = Group(name="lock", help="The deploy lock: one deploy at a time.")
group.add_query(
    "status",
    "state.lock",
    "Show who holds the lock, since when, and whether that run is still alive.",
)
group.add_deploy(
    "acquire",
    "Take the lock, until kamalpy lock release.",
    click.option("-m", "--message", required=True, help="The reason, shown to others."),
)
group.add_deploy("release", "Release the lock, regardless of its owner.")
