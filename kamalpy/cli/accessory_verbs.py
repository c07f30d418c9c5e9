"""The commands of ``accessory`` that change servers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from kamalpy.cli import candidates
from kamalpy.cli.confirming import agreed, confirmed_option, service_typed
from kamalpy.cli.tree import command

_argument = click.argument(
    "name", metavar="NAME|all", shell_complete=candidates.argument(candidates.accessories)
)


def _named(verb: Callable[..., int]) -> Callable[..., int]:
    """Make a command of an accessory; a name that is not there is refused before anything else."""

    @wraps(verb)
    def checked(name: str, **said: Any) -> int:
        from kamalpy.cli.run import config

        config().accessories_called(name)
        return verb(name, **said)

    return _argument(checked)


@command()
@_named
def boot(name: str) -> int:
    """Run an accessory as deploy.yml says, in the place of one that differs."""
    return _run("boot", name)


@command()
@_named
def reboot(name: str) -> int:
    """Fetch an accessory's image, and give it a new container."""
    return _run("reboot", name)


@command()
@_named
def start(name: str) -> int:
    """Start an accessory's container."""
    return _run("start", name)


@command()
@_named
def stop(name: str) -> int:
    """Stop an accessory's container."""
    return _run("stop", name)


@command()
@_named
def restart(name: str) -> int:
    """Stop an accessory's container and start it."""
    return _run("restart", name)


@command()
@_named
@confirmed_option
@click.option("--data", is_flag=True, help="Its files and data as well.")
def remove(name: str, confirmed: bool, data: bool) -> int:
    """Remove an accessory's container and image; its data stay unless --data is said."""
    what = "container and image, and ALL DATA" if data else "container and image; its data stay"
    service_typed(f"This removes of {name}: {what}.", confirmed)
    return _run("remove", name, data=data)


@command()
@_named
@click.option("--rolling", is_flag=True, help="One server after the other.")
@confirmed_option
def upgrade(name: str, rolling: bool, confirmed: bool) -> int:
    """Move an accessory from Kamal 1 to 2."""
    agreed(f"This restarts {name}.", confirmed)
    return _run("upgrade", name, rolling=rolling)


@command()
@_named
def upload(name: str) -> int:
    """Send an accessory's files."""
    return _run("upload", name)


@command()
@_named
def directories(name: str) -> int:
    """Make an accessory's directories."""
    return _run("directories", name)


@command(name="pull-image")
@_named
def pull_image(name: str) -> int:
    """Fetch an accessory's image."""
    return _run("pull_image", name)


@command(name="remove-container")
@_named
def remove_container(name: str) -> int:
    """Remove an accessory's container, which must have stopped."""
    return _run("remove_container", name)


@command(name="remove-image")
@_named
def remove_image(name: str) -> int:
    """Remove an accessory's image, unless some container runs from it."""
    return _run("remove_image", name)


@command(name="remove-service-directory")
@_named
@confirmed_option
def remove_service_directory(name: str, confirmed: bool) -> int:
    """Remove an accessory's files and data; its container must have stopped."""
    service_typed(f"This removes ALL DATA of {name}.", confirmed)
    return _run("remove_service_directory", name)


def _run(verb: str, name: str, **arguments: Any) -> int:
    from kamalpy.cli.run import run

    return run(f"accessory {verb}", f"accessory_{verb}", accessory=name, **arguments)
