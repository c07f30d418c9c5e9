"""``prune``: old containers and images."""

from __future__ import annotations

from typing import Any

import click

from kamalpy.cli.tree import Entry, Group, command

_HERE = "kamalpy.cli.prune"
ENTRIES = {
    "all": Entry(f"{_HERE}:all_", "Remove old containers and images."),
    "containers": Entry(f"{_HERE}:containers", "Remove stopped containers that are too many."),
    "images": Entry(f"{_HERE}:images", "Remove images that no container has."),
}

group = Group(ENTRIES, name="prune", help="Clear up; --dry tells what would go, and its bytes.")


@command(name="all")
def all_() -> int:
    """
    Remove stopped containers that are too many, and images that no container has then.

    Each role of each destination keeps as many as retain_containers says, those that ran last.
    """
    return _run("all")


@command()
@click.option("--retain", type=click.IntRange(1), help="Keep so many of each role [deploy.yml]")
def containers(retain: int | None) -> int:
    """Remove stopped containers that are too many."""
    return _run("containers", retain=retain)


@command()
def images() -> int:
    """Remove images that no container has, not even a stopped one; the latest stays."""
    return _run("images")


def _run(verb: str, **arguments: Any) -> int:
    from kamalpy.cli.run import run

    return run(f"prune {verb}", f"prune_{verb}", **arguments)
