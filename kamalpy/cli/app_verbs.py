"""``app boot`` and other commands that change servers."""

from __future__ import annotations

from typing import Any

import click

from kamalpy.cli import candidates
from kamalpy.cli.settings import settings
from kamalpy.cli.tree import command


@command()
def boot() -> int:
    """
    Boot the app anew: the version that serves, or --version, with deploy.yml as it is today.

    The new container takes over as in a deploy: on all servers, or on none.
    """
    return _run("boot")


@command()
def start() -> int:
    """Start the version that ran last, or --version, and send requests to it."""
    return _run("start")


@command()
def stop() -> int:
    """Stop the app; requests to it get 404."""
    return _run("stop")


@command()
@click.option("--drain-timeout", type=click.IntRange(0), help="Seconds for requests [deploy.yml]")
@click.option("--message", default="", help="What the error page says.")
def maintenance(drain_timeout: int | None, message: str) -> int:
    """Answer requests with 503 and a message, across deploys, until kamalpy app live."""
    return _run("maintenance", drain_timeout=drain_timeout, message=message)


@command()
def live() -> int:
    """End the maintenance."""
    return _run("live")


@command(name="stale-containers")
@click.option("-s", "--stop", is_flag=True, help="Stop them.")
def stale_containers(stop: bool) -> int:
    """Show versions that run beside the one that serves, or stop them."""
    if stop:
        return _run("stale_containers")
    from kamalpy.cli.looking import fleet, stale

    return stale.tell(fleet.engine_of(settings()))


@command()
def remove() -> int:
    """Stop the app, and remove its containers, images and files; the audit log stays."""
    return _run("remove")


@command(name="remove-container")
@click.argument("of", metavar="VERSION", shell_complete=candidates.argument(candidates.versions))
def remove_container(of: str) -> int:
    """Remove the containers of VERSION, which must not run."""
    return _run("remove_container", version=of)


@command(name="remove-containers")
def remove_containers() -> int:
    """Remove all containers of the app that do not run."""
    return _run("remove_containers")


@command(name="remove-images")
def remove_images() -> int:
    """Remove all images of the app that no container has."""
    return _run("remove_images")


@command(name="remove-app-directories")
def remove_app_directories() -> int:
    """Remove the app's files: secrets, assets, certificates, what releases were."""
    return _run("remove_app_directories")


def _run(verb: str, **arguments: Any) -> int:
    from kamalpy.cli.run import run

    return run(f"app {verb}", f"app_{verb}", **arguments)
