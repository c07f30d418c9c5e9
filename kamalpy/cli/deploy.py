"""``setup``, ``deploy``, ``redeploy``, ``rollback``, ``plan``, ``remove``, ``upgrade``."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from kamalpy.cli import completion
from kamalpy.cli.confirm import confirming
from kamalpy.cli.settings import BuildOptions, settings
from kamalpy.cli.tree import command, deploy_command

Function = Callable[..., int]
accessories = click.option(
    "--accessories",
    is_flag=True,
    help="Change accessories, too, instead of only reporting differences.",
)


def building(function: Function) -> Function:
    """Take the options that concern the image: Kamal's, and --image."""

    @click.option(
        "-P", "--skip-push", is_flag=True, help="Build nothing: the registry has the image."
    )
    @click.option(
        "--no-cache", is_flag=True, help="Build even if the image exists, with no cached layer."
    )
    @click.option(
        "--image",
        metavar="IMAGE",
        help="Build nothing: deploy this image as it is, NAME:TAG or NAME@DIGEST.",
    )
    @wraps(function)
    def with_build(skip_push: bool, no_cache: bool, image: str | None, **arguments: Any) -> int:
        settings().image = image
        return function(build=BuildOptions(skip_push, no_cache), **arguments)

    return with_build


def removed(data: bool) -> str:
    """Describe what ``remove`` removes."""
    data_note = ", AND ALL DATA of the accessories." if data else ". The accessories' data stays."
    return (
        "This removes from the servers: the app, its accessories, their images, "
        f"the app's files{data_note}"
    )


setup = deploy_command(
    "setup",
    "Set servers up and deploy to them: Docker, network, proxy, accessories, app.",
    building,
)
deploy = deploy_command(
    "deploy", "Deploy a version to all servers, or to none.", building, accessories
)
redeploy = deploy_command(
    "redeploy",
    "Deploy a version of the app alone: proxy, accessories and old images stay as they are.",
    building,
)
rollback = deploy_command(
    "rollback",
    """
    Go back to a version, with the environment, secrets and options that it had.

    VERSION is one that kamalpy releases lists, by default the one before the current version.
    """,
    click.argument(
        "to",
        metavar="[VERSION]",
        required=False,
        shell_complete=completion.argument(completion.versions),
    ),
)
remove = deploy_command(
    "remove",
    "Remove app, accessories and proxy from the servers; data stays, unless --data is given.",
    confirming(removed, by_name=True),
    click.option("--data", is_flag=True, help="The accessories' files and data as well."),
)
upgrade = deploy_command(
    "upgrade",
    "Move servers from Kamal 1 to 2: kamal-proxy for Traefik, the network kamal, new names.",
    click.option("--rolling", is_flag=True, help="One server after the other."),
    confirming("This puts kamal-proxy in the place of Traefik, and restarts accessories.".format),
)


@command(own=True)
@building
@accessories
def plan(build: BuildOptions, accessories: bool) -> int:
    """
    Show what a deploy would change, and what it would leave although it differs from deploy.yml.

    The exit status is 0 if there is nothing to do and nothing differs, else 2.
    """
    from kamalpy.cli.run import run

    options = settings()
    options.dry = options.diff = True
    return run("plan", "deploy", build, accessories=accessories)
