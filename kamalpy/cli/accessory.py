"""``accessory``: boot, stop, run commands in, read the logs of accessories."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import click

from kamalpy.cli import completion, exec_options
from kamalpy.cli.confirm import confirm, confirm_service_name, confirmed_option
from kamalpy.cli.log_options import LogOptions, log_options
from kamalpy.cli.settings import settings
from kamalpy.cli.tree import Group

group = Group(name="accessory", help="Accessories: NAME, or all of them with all.")

_name = click.argument(
    "name", metavar="NAME|all", shell_complete=completion.argument(completion.accessories)
)


def _existing(function: Callable[..., int]) -> Callable[..., int]:
    """Take the name of an accessory; one that deploy.yml does not have is refused at once."""

    @wraps(function)
    def checked(name: str, **options: Any) -> int:
        from kamalpy.cli.run import config

        config().accessories_called(name)
        return function(name, **options)

    return _name(checked)


@group.command()
@_existing
def boot(name: str) -> int:
    """Run an accessory as deploy.yml describes it; one that differs is replaced."""
    return _run("boot", name)


@group.command()
@_existing
def reboot(name: str) -> int:
    """Pull an accessory's image, and replace its container."""
    return _run("reboot", name)


@group.command()
@_existing
def start(name: str) -> int:
    """Start an accessory's container."""
    return _run("start", name)


@group.command()
@_existing
def stop(name: str) -> int:
    """Stop an accessory's container."""
    return _run("stop", name)


@group.command()
@_existing
def restart(name: str) -> int:
    """Stop an accessory's container and start it."""
    return _run("restart", name)


@group.command()
@_name
def details(name: str) -> int:
    """Show the container of an accessory, or those of all."""
    from kamalpy.cli.queries import answers

    return answers.show_list(settings(), "accessories", name)


@group.command("exec", cls=exec_options.ExecCommand)
@exec_options.interactive
@exec_options.reuse
@exec_options.env
@exec_options.raw
@_name
@exec_options.command_words
def exec_(name: str, words: Sequence[str], **how: Any) -> int:
    """
    Run a command in an accessory, on each of its servers.

    It gets a container of its own, made like the accessory's: same image, variables, volumes and
    network. If CMD is one word, a shell runs it when it contains shell syntax; several words
    arrive as they are.
    """
    exec_options.exclusive(raw=how["raw"], interactive=how["interactive"])
    from kamalpy.cli.queries import execution, fleet

    request = execution.Request(words, **how)
    return execution.in_accessory(fleet.new_engine(settings()), request, name)


@group.command()
@log_options
@_name
def logs(options: LogOptions, name: str) -> int:
    """Show the logs of an accessory, of all its servers, ordered by time."""
    from kamalpy.cli.queries import fleet, logs

    engine = fleet.new_engine(settings())
    return logs.show(engine, options, logs.of_accessory(engine, name))


@group.command()
@_existing
@confirmed_option
@click.option("--data", is_flag=True, help="Its files and data as well.")
def remove(name: str, confirmed: bool, data: bool) -> int:
    """
    Remove an accessory's container and image.

    Its data stays, unless --data is given.
    """
    what = "container and image, and ALL DATA" if data else "container and image; its data stays"
    confirm_service_name(f"This removes of {name}: {what}.", confirmed)
    return _run("remove", name, data=data)


@group.command()
@_existing
@click.option("--rolling", is_flag=True, help="One server after the other.")
@confirmed_option
def upgrade(name: str, rolling: bool, confirmed: bool) -> int:
    """Move an accessory from Kamal 1 to 2."""
    confirm(f"This restarts {name}.", confirmed)
    return _run("upgrade", name, rolling=rolling)


@group.command(hidden=True)
@_existing
def upload(name: str) -> int:
    """Upload an accessory's files."""
    return _run("upload", name)


@group.command(hidden=True)
@_existing
def directories(name: str) -> int:
    """Create an accessory's directories."""
    return _run("directories", name)


@group.command(hidden=True)
@_existing
def pull_image(name: str) -> int:
    """Pull an accessory's image."""
    return _run("pull_image", name)


@group.command(hidden=True)
@_existing
def remove_container(name: str) -> int:
    """Remove an accessory's container, which must not be running."""
    return _run("remove_container", name)


@group.command(hidden=True)
@_existing
def remove_image(name: str) -> int:
    """Remove an accessory's image, unless a container uses it."""
    return _run("remove_image", name)


@group.command(hidden=True)
@_existing
@confirmed_option
def remove_service_directory(name: str, confirmed: bool) -> int:
    """Remove an accessory's files and data; its container must not be running."""
    confirm_service_name(f"This removes ALL DATA of {name}.", confirmed)
    return _run("remove_service_directory", name)


def _run(command: str, name: str, **arguments: Any) -> int:
    from kamalpy.cli.run import run

    return run(f"accessory {command}", f"accessory_{command}", accessory=name, **arguments)
