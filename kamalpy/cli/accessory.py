"""``accessory``: boot, stop, run commands in, read the logs of accessories."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from kamalpy.cli import completion, exec_options
from kamalpy.cli.confirm import confirming
from kamalpy.cli.log_options import log_options
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


def _removed(accessory: str, data: bool) -> str:
    what = "container and image, and ALL DATA" if data else "container and image; its data stays"
    return f"This removes of {accessory}: {what}."


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
group.add_query(
    "details", "lists.accessories", "Show the container of an accessory, or those of all.", _name
)
group.add_query(
    "exec",
    "execution.in_accessory",
    """
    Run a command in an accessory, on each of its servers.

    It gets a container of its own, made like the accessory's: same image, variables, volumes and
    network. If CMD is one word, a shell runs it when it contains shell syntax; several words
    arrive as they are.
    """,
    exec_options.interactive,
    exec_options.reuse,
    exec_options.env,
    exec_options.raw,
    _name,
    exec_options.command_words,
    cls=exec_options.ExecCommand,
)
group.add_query(
    "logs",
    "logs.accessory",
    "Show the logs of an accessory, of all its servers, ordered by time.",
    log_options,
    _name,
)
group.add_deploy(
    "remove",
    """
    Remove an accessory's container and image.

    Its data stays, unless --data is given.
    """,
    _existing,
    confirming(_removed, by_name=True),
    click.option("--data", is_flag=True, help="Its files and data as well."),
)
group.add_deploy(
    "upgrade",
    "Move an accessory from Kamal 1 to 2.",
    _existing,
    confirming("This restarts {accessory}.".format),
    click.option("--rolling", is_flag=True, help="One server after the other."),
)
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
group.add_deploy(
    "remove_service_directory",
    "Remove an accessory's files and data; its container must not be running.",
    _existing,
    confirming("This removes ALL DATA of {accessory}.".format, by_name=True),
    hidden=True,
)
