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
    "accessory", metavar="NAME|all", shell_complete=completion.argument(completion.accessories)
)


def _existing(function: Callable[..., int]) -> Callable[..., int]:
    """Take the name of an accessory; one that deploy.yml does not have is refused at once."""

    @wraps(function)
    def checked(accessory: str, **options: Any) -> int:
        from kamalpy.cli.run import config

        config().accessories_called(accessory)
        return function(accessory=accessory, **options)

    return _name(checked)


group.add_deploys(
    {
        "boot": "Run an accessory as deploy.yml describes it; one that differs is replaced.",
        "reboot": "Pull an accessory's image, and replace its container.",
        "start": "Start an accessory's container.",
        "stop": "Stop an accessory's container.",
        "restart": "Stop an accessory's container and start it.",
    },
    _existing,
)


@group.command()
@_name
def details(accessory: str) -> int:
    """Show the container of an accessory, or those of all."""
    from kamalpy.cli.queries import answers

    return answers.show_list(settings(), "accessories", accessory)


@group.command("exec", cls=exec_options.ExecCommand)
@exec_options.interactive
@exec_options.reuse
@exec_options.env
@exec_options.raw
@_name
@exec_options.command_words
def exec_(accessory: str, words: Sequence[str], **how: Any) -> int:
    """
    Run a command in an accessory, on each of its servers.

    It gets a container of its own, made like the accessory's: same image, variables, volumes and
    network. If CMD is one word, a shell runs it when it contains shell syntax; several words
    arrive as they are.
    """
    exec_options.exclusive(raw=how["raw"], interactive=how["interactive"])
    from kamalpy.cli.queries import execution, fleet

    request = execution.Request(words, **how)
    return execution.in_accessory(fleet.new_engine(settings()), request, accessory)


@group.command()
@log_options
@_name
def logs(options: LogOptions, accessory: str) -> int:
    """Show the logs of an accessory, of all its servers, ordered by time."""
    from kamalpy.cli.queries import fleet, logs

    engine = fleet.new_engine(settings())
    return logs.show(engine, options, logs.of_accessory(engine, accessory))


@group.command()
@_existing
@confirmed_option
@click.option("--data", is_flag=True, help="Its files and data as well.")
def remove(accessory: str, confirmed: bool, data: bool) -> int:
    """
    Remove an accessory's container and image.

    Its data stays, unless --data is given.
    """
    what = "container and image, and ALL DATA" if data else "container and image; its data stays"
    confirm_service_name(f"This removes of {accessory}: {what}.", confirmed)
    return _run("remove", accessory, data=data)


@group.command()
@_existing
@click.option("--rolling", is_flag=True, help="One server after the other.")
@confirmed_option
def upgrade(accessory: str, rolling: bool, confirmed: bool) -> int:
    """Move an accessory from Kamal 1 to 2."""
    confirm(f"This restarts {accessory}.", confirmed)
    return _run("upgrade", accessory, rolling=rolling)


group.add_deploys(
    {
        "upload": "Upload an accessory's files.",
        "directories": "Create an accessory's directories.",
        "pull_image": "Pull an accessory's image.",
        "remove_container": "Remove an accessory's container, which must not be running.",
        "remove_image": "Remove an accessory's image, unless a container uses it.",
    },
    _existing,
    hidden=True,
)


@group.command(hidden=True)
@_existing
@confirmed_option
def remove_service_directory(accessory: str, confirmed: bool) -> int:
    """Remove an accessory's files and data; its container must not be running."""
    confirm_service_name(f"This removes ALL DATA of {accessory}.", confirmed)
    return _run("remove_service_directory", accessory)


def _run(command: str, accessory: str, **arguments: Any) -> int:
    from kamalpy.cli.run import run

    return run(f"accessory {command}", f"accessory_{command}", accessory=accessory, **arguments)
