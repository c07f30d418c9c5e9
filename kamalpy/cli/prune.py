"""``prune``: remove old containers and images."""

from __future__ import annotations

from typing import Any

import click

from kamalpy.cli.tree import Group

group = Group(name="prune", help="Remove old containers and images; --dry lists them.")


@group.command("all")
def all_() -> int:
    """
    Remove old stopped containers, and images that no container uses.

    Each role of each destination keeps retain_containers of them, those that ran last.
    """
    return _run("all")


@group.command()
@click.option("--retain", type=click.IntRange(1), help="Number to keep per role [deploy.yml]")
def containers(retain: int | None) -> int:
    """Remove old stopped containers."""
    return _run("containers", retain=retain)


@group.command()
def images() -> int:
    """Remove images that no container uses, not even a stopped one; the latest stays."""
    return _run("images")


def _run(command: str, **arguments: Any) -> int:
    from kamalpy.cli.run import run

    return run(f"prune {command}", f"prune_{command}", **arguments)
