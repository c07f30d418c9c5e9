"""``build``: from a Dockerfile to an image in the registry, and from there to the servers."""

from __future__ import annotations

import click

from kamalpy.cli.settings import BuildOptions
from kamalpy.cli.tree import Decorator, Group

group = Group(name="build", help="The image: build, push, pull.")
_no_cache = click.option("--no-cache", is_flag=True, help="Use no layer of an earlier build.")


def _output(default: str) -> Decorator:
    return click.option(
        "--output", metavar="TYPE", default=default, show_default=True, help="Where it goes to."
    )


group.add_deploy(
    "push",
    "Build the image and push it, whether the registry has that version or not.",
    _output("registry"),
    _no_cache,
)


@group.command()
def pull() -> int:
    """Pull the image onto the servers, even where its tag exists already."""
    from kamalpy.cli.run import run

    return run("build pull", "build_pull", BuildOptions(skip_push=True))


@group.command()
def deliver() -> int:
    """Build the image, push it, and pull it onto the servers."""
    from kamalpy.cli.run import run

    return run("build deliver", "build_pull", BuildOptions(only_missing=False))


group.add_deploy(
    "dev",
    "Build the image from this folder as it is, tagged -dirty, for this machine's Docker.",
    _output("docker"),
    _no_cache,
)
group.add_deploys(
    {
        "create": "Create the buildx builder, which a push does by itself where it is missing.",
        "remove": "Remove the buildx builder.",
    }
)


@group.command()
def details() -> int:
    """Show the buildx builder: its kind, and what buildx says of it."""
    from kamalpy.cli.run import config
    from kamalpy.deploys.build import details

    for line in details(config()):
        click.echo(line)
    return 0
