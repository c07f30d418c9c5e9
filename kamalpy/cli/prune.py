"""``prune``: remove old containers and images."""

from __future__ import annotations

import click

from kamalpy.cli.tree import Group

group = Group(name="prune", help="Remove old containers and images; --dry lists them.")
group.add_deploy(
    "all",
    """
    Remove old stopped containers, and images that no container uses.

    Each role of each destination keeps retain_containers of them, those that ran last.
    """,
)
group.add_deploy(
    "containers",
    "Remove old stopped containers.",
    click.option("--retain", type=click.IntRange(1), help="Number to keep per role [deploy.yml]"),
)
group.add_deploy(
    "images", "Remove images that no container uses, not even a stopped one; the latest stays."
)
