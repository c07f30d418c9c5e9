"""Every command and option of Kamal 2.12 is one of kamalpy's."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from typing import Any

import click
import pytest

from kamalpy.cli.main import root
from kamalpy.cli.tree import Group, run_query

_BUILD = "--output --no-cache"
_LOG = "-s --since -n --lines -g --grep -f --follow -T --skip-timestamps"
_LOGS = f"{_LOG} --grep-options"
_PUSH = "-P --skip-push --no-cache"
_SKIP = "-L --skip-local -R --skip-remote"
_Y = "-y --confirmed"

#: All commands of Kamal 2.12, with their own options.
COMMANDS = {
    "setup": _PUSH,
    "deploy": _PUSH,
    "redeploy": _PUSH,
    "rollback": "",
    "details": "",
    "audit": "",
    "config": "",
    "docs": "",
    "init": "--bundle",
    "remove": _Y,
    "upgrade": f"{_Y} --rolling",
    "version": "",
    "help": "",
    "tree": "",
    "accessory boot": "",
    "accessory reboot": "",
    "accessory start": "",
    "accessory stop": "",
    "accessory restart": "",
    "accessory details": "",
    "accessory exec": "-i --interactive --reuse --raw",
    "accessory logs": _LOGS,
    "accessory remove": _Y,
    "accessory upgrade": f"--rolling {_Y}",
    "accessory upload": "",
    "accessory directories": "",
    "accessory pull_image": "",
    "accessory remove_container": "",
    "accessory remove_image": "",
    "accessory remove_service_directory": "",
    "app boot": "",
    "app start": "",
    "app stop": "",
    "app details": "",
    "app containers": "",
    "app images": "",
    "app remove": "",
    "app live": "",
    "app version": "",
    "app exec": "-i --interactive --reuse -e --env --detach --raw",
    "app stale_containers": "-s --stop",
    "app logs": f"{_LOGS} --container-id",
    "app maintenance": "--drain-timeout --message",
    "app remove_container": "",
    "app remove_containers": "",
    "app remove_images": "",
    "app remove_app_directories": "",
    "build deliver": "",
    "build push": _BUILD,
    "build pull": "",
    "build create": "",
    "build remove": "",
    "build details": "",
    "build dev": _BUILD,
    "lock status": "",
    "lock release": "",
    "lock acquire": "-m --message",
    "proxy boot": "",
    "proxy start": "",
    "proxy stop": "",
    "proxy restart": "",
    "proxy details": "",
    "proxy reboot": f"--rolling {_Y}",
    "proxy logs": _LOG,
    "proxy remove": "--force",
    "proxy boot_config": (
        "--publish --publish-host-ip --http-port --https-port --log-max-size --registry "
        "--repository --image-version --metrics-port --debug --docker-options"
    ),
    "proxy upgrade": f"--rolling {_Y}",
    "proxy remove_container": "",
    "proxy remove_image": "",
    "proxy remove_proxy_directory": "",
    "prune all": "",
    "prune images": "",
    "prune containers": "--retain",
    "registry setup": _SKIP,
    "registry remove": _SKIP,
    "registry login": _SKIP,
    "registry logout": _SKIP,
    "secrets fetch": "-a --adapter --account --from --inline",
    "secrets extract": "--inline",
    "secrets print": "",
    "server exec": "-i --interactive --raw",
    "server bootstrap": "",
}

#: Every command takes these.
SHARED = (
    "-v --verbose -q --quiet --version -p --primary -h --hosts -r --roles -c --config-file "
    "-d --destination -H --skip-hooks --lock-wait --lock-wait-timeout --lock-wait-interval"
)


@pytest.mark.parametrize("words", COMMANDS)
def test_is_a_command_of_kamalpy_with_all_its_options(words: str) -> None:
    command = found(words)
    options = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    assert {*COMMANDS[words].split(), *SHARED.split()} - options == set()


def found(words: str) -> click.Command:
    """Find a command as the command line does."""
    context = click.Context(root)
    command: click.Command = root
    rest = words.split()
    while rest:
        assert isinstance(command, click.Group)
        _, next_, rest = command.resolve_command(context, rest)
        assert next_ is not None
        command = next_
    return command


def named_functions(group: Group = root) -> Iterator[tuple[str, Any]]:
    """List what the table of commands names: a function of queries, or the words of a deploy."""
    for command in group.commands.values():
        if isinstance(command, Group):
            yield from named_functions(command)
            continue
        function: Any = inspect.unwrap(command.callback) if command.callback else None
        if isinstance(function, partial):
            yield function.args[0], function.func


@pytest.mark.parametrize(("name", "function"), list(named_functions()))
def test_each_command_names_a_function_that_exists(name: str, function: Any) -> None:
    if function is run_query:
        module, _, attribute = name.partition(".")
        assert hasattr(import_module(f"kamalpy.cli.queries.{module}"), attribute)
    else:
        assert hasattr(import_module("kamalpy.deploys"), name.replace(" ", "_"))
