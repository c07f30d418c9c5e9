"""``setup``, ``deploy`` and what goes with them."""

from __future__ import annotations

from typing import Any

import click

from kamalpy.cli.settings import settings
from kamalpy.cli.tree import command


@command()
@click.option("-P", "--skip-push", is_flag=True, help="As always: kamalpy does not build yet.")
@click.option("--no-cache", is_flag=True, help="Taken for Kamal's sake.")
def setup(skip_push: bool, no_cache: bool) -> int:
    """Set servers up and deploy to them: Docker, network, proxy, accessories, app."""
    return _run("setup", "setup")


@command()
@click.option("-P", "--skip-push", is_flag=True, help="As always: kamalpy does not build yet.")
@click.option("--no-cache", is_flag=True, help="Taken for Kamal's sake.")
def deploy(skip_push: bool, no_cache: bool) -> int:
    """Deploy a version to all servers, or to none."""
    return _run("deploy", "deploy")


def _run(command: str, verb: str, **arguments: Any) -> int:
    from kamalpy.cli.run import run

    said = settings()
    return run(command, verb, version=said.version, skip_hooks=said.skip_hooks, **arguments)
