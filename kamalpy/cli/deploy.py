"""``setup``, ``deploy``, ``redeploy``, ``rollback``, ``plan``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from kamalpy.cli import candidates
from kamalpy.cli.settings import settings
from kamalpy.cli.tree import command

Function = Callable[..., int]


def _building(function: Function) -> Function:
    """Take the options of Kamal's that concern its build."""
    push = click.option(
        "-P", "--skip-push", is_flag=True, help="As always: kamalpy does not build yet."
    )
    cache = click.option("--no-cache", is_flag=True, help="Taken for Kamal's sake.")
    return push(cache(function))


def _accessories(function: Function) -> Function:
    """Take accessories along, if asked."""
    return click.option(
        "--accessories", is_flag=True, help="Change accessories, too; else only say they differ."
    )(function)


@command()
@_building
def setup(skip_push: bool, no_cache: bool) -> int:
    """Set servers up and deploy to them: Docker, network, proxy, accessories, app."""
    return _run("setup")


@command()
@_building
@_accessories
def deploy(skip_push: bool, no_cache: bool, accessories: bool) -> int:
    """Deploy a version to all servers, or to none."""
    return _run("deploy", accessories=accessories)


@command()
@_building
def redeploy(skip_push: bool, no_cache: bool) -> int:
    """Deploy a version of the app alone: proxy, accessories and old images stay as they are."""
    return _run("redeploy")


@command()
@click.argument(
    "to",
    metavar="[VERSION]",
    required=False,
    shell_complete=candidates.argument(candidates.versions),
)
def rollback(to: str | None) -> int:
    """
    Go back to a version, with the environment, secrets and options that it had.

    VERSION is one that kamalpy releases lists; by default the one before the version that serves.
    """
    return _run("rollback", to=to)


@command()
@_accessories
def plan(accessories: bool) -> int:
    """
    Say what a deploy would change, and what it would leave although it differs from deploy.yml.

    The exit status is 0 where nothing is to do and nothing differs, else 2.
    """
    said = settings()
    said.dry = said.diff = True
    return _run("plan", "deploy", accessories=accessories)


def _run(name: str, verb: str | None = None, **arguments: Any) -> int:
    from kamalpy.cli.run import run

    return run(name, verb or name, **arguments)
