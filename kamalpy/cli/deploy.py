"""``setup``, ``deploy``, ``redeploy``, ``rollback``, ``plan``, ``remove``, ``upgrade``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from kamalpy.cli import completion
from kamalpy.cli.confirm import confirm, confirm_service_name, confirmed_option
from kamalpy.cli.settings import Building, settings
from kamalpy.cli.tree import command

Function = Callable[..., int]


def _building(function: Function) -> Function:
    """Take the options of Kamal's that concern its build."""
    push = click.option(
        "-P", "--skip-push", is_flag=True, help="Build nothing: the registry has the image."
    )
    cache = click.option(
        "--no-cache", is_flag=True, help="Build even if the image exists, with no cached layer."
    )
    return push(cache(function))


def _accessories(function: Function) -> Function:
    """Take the option that changes accessories as well."""
    return click.option(
        "--accessories",
        is_flag=True,
        help="Change accessories, too, instead of only reporting differences.",
    )(function)


@command()
@_building
def setup(skip_push: bool, no_cache: bool) -> int:
    """Set servers up and deploy to them: Docker, network, proxy, accessories, app."""
    return _run("setup", build=Building(skip_push, no_cache))


@command()
@_building
@_accessories
def deploy(skip_push: bool, no_cache: bool, accessories: bool) -> int:
    """Deploy a version to all servers, or to none."""
    return _run("deploy", build=Building(skip_push, no_cache), accessories=accessories)


@command()
@_building
def redeploy(skip_push: bool, no_cache: bool) -> int:
    """Deploy a version of the app alone: proxy, accessories and old images stay as they are."""
    return _run("redeploy", build=Building(skip_push, no_cache))


@command()
@click.argument(
    "to",
    metavar="[VERSION]",
    required=False,
    shell_complete=completion.argument(completion.versions),
)
def rollback(to: str | None) -> int:
    """
    Go back to a version, with the environment, secrets and options that it had.

    VERSION is one that kamalpy releases lists, by default the one before the current version.
    """
    return _run("rollback", to=to)


@command()
@_building
@_accessories
def plan(skip_push: bool, no_cache: bool, accessories: bool) -> int:
    """
    Show what a deploy would change, and what it would leave although it differs from deploy.yml.

    The exit status is 0 if there is nothing to do and nothing differs, else 2.
    """
    options = settings()
    options.dry = options.diff = True
    return _run("plan", "deploy", Building(skip_push, no_cache), accessories=accessories)


@command()
@confirmed_option
@click.option("--data", is_flag=True, help="The accessories' files and data as well.")
def remove(confirmed: bool, data: bool) -> int:
    """Remove app, accessories and proxy from the servers; data stays, unless --data is given."""
    kept = ", AND ALL DATA of the accessories." if data else ". The accessories' data stays."
    what = "This removes from the servers: the app, its accessories, their images, the app's files"
    confirm_service_name(f"{what}{kept}", confirmed)
    return _run("remove", data=data)


@command()
@click.option("--rolling", is_flag=True, help="One server after the other.")
@confirmed_option
def upgrade(rolling: bool, confirmed: bool) -> int:
    """Move servers from Kamal 1 to 2: kamal-proxy for Traefik, the network kamal, new names."""
    confirm("This puts kamal-proxy in the place of Traefik, and restarts accessories.", confirmed)
    return _run("upgrade", rolling=rolling)


def _run(
    name: str, deploy: str | None = None, build: Building | None = None, **arguments: Any
) -> int:
    from kamalpy.cli.run import run

    return run(name, deploy or name, build, **arguments)
