"""``build``: from a Dockerfile to an image in the registry, and from there to the servers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from kamalpy.cli.settings import Building
from kamalpy.cli.tree import Entry, Group, command

_HERE = "kamalpy.cli.build"
ENTRIES = {
    "push": Entry(f"{_HERE}:push", "Build the image and push it to the registry."),
    "pull": Entry(f"{_HERE}:pull", "Pull the image onto the servers."),
    "deliver": Entry(f"{_HERE}:deliver", "Build the image, push it, and pull it onto the servers."),
    "dev": Entry(f"{_HERE}:dev", "Build the image from this folder as it is, tagged -dirty."),
    "create": Entry(f"{_HERE}:create", "Create the buildx builder."),
    "remove": Entry(f"{_HERE}:remove", "Remove the buildx builder."),
    "details": Entry(f"{_HERE}:details", "Show the buildx builder."),
}
group = Group(ENTRIES, name="build", help="Build the image, push it, pull it.")
_no_cache = click.option("--no-cache", is_flag=True, help="Use no layer of an earlier build.")


def _output(default: str) -> Callable[..., Any]:
    return click.option(
        "--output", metavar="TYPE", default=default, show_default=True, help="Where it goes to."
    )


@command()
@_output("registry")
@_no_cache
def push(output: str, no_cache: bool) -> int:
    """Build the image and push it, whether the registry has that version or not."""
    return _run_here("push", "build_push", output=output, no_cache=no_cache)


@command()
def pull() -> int:
    """Pull the image onto the servers, even where its tag exists already."""
    from kamalpy.cli.run import run

    return run("build pull", "build_pull", Building(skip_push=True))


@command()
def deliver() -> int:
    """Build the image, push it, and pull it onto the servers."""
    from kamalpy.cli.run import run

    return run("build deliver", "build_pull", Building(only_missing=False))


@command()
@_output("docker")
@_no_cache
def dev(output: str, no_cache: bool) -> int:
    """Build the image from this folder as it is, tagged -dirty, for this machine's Docker."""
    return _run_here("dev", "build_dev", output=output, no_cache=no_cache)


@command()
def create() -> int:
    """Create the buildx builder, which a push does by itself where it is missing."""
    return _run_here("create", "build_create")


@command()
def remove() -> int:
    """Remove the buildx builder."""
    return _run_here("remove", "build_remove")


@command()
def details() -> int:
    """Show the buildx builder: its kind, and what buildx says of it."""
    from kamalpy.cli.run import config
    from kamalpy.deploys.build import details

    for line in details(config()):
        click.echo(line)
    return 0


def _run_here(name: str, verb: str, **arguments: Any) -> int:
    from kamalpy.cli.run import run_here

    return run_here(f"build {name}", verb, **arguments)
