"""What may stand in a command line, for whoever completes it; a mistake there completes nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kamalpy.cli.settings import Settings

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from kamalpy.config import Configuration

Find = Callable[[Settings], Iterable[str]]
Complete = Callable[[click.Context, str], "list[CompletionItem]"]
SECONDS = 10
"""So long servers are waited for."""


def one(find: Find) -> Complete:
    """Complete a name."""

    def complete(ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        return [_item(name) for name in _found(find, ctx) if name.startswith(incomplete)]

    return complete


def several(find: Find) -> Complete:
    """Complete the last of names with commas between them."""

    def complete(ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        before, comma, last = incomplete.rpartition(",")
        named = before.split(",")
        names = [name for name in _found(find, ctx) if name.startswith(last)]
        return [_item(f"{before}{comma}{name}") for name in names if name not in named]

    return complete


def argument(
    find: Find,
) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    """Complete an argument, ``shell_complete=`` of it."""
    return lambda ctx, param, incomplete: one(find)(ctx, incomplete)


def files(ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """Leave it to the shell, which knows files best."""
    return [_item(incomplete, "file")]


def hosts(said: Settings) -> Iterable[str]:
    """List all servers."""
    return _config(said).hosts


def roles(said: Settings) -> Iterable[str]:
    """List all roles."""
    return [role.name for role in _config(said).roles]


def accessories(said: Settings) -> Iterable[str]:
    """List all accessories, and the word that means all of them."""
    from kamalpy.config import EVERY

    return [*(each.name for each in _config(said).accessories), EVERY]


def destinations(said: Settings) -> Iterable[str]:
    """List the destinations that have a file beside deploy.yml."""
    path = Path(said.config_file)
    found = path.parent.glob(f"{path.stem}.*{path.suffix}")
    return sorted(each.name[len(path.stem) + 1 : -len(path.suffix)] for each in found)


def keys(said: Settings) -> Iterable[str]:
    """List the keys of deploy.yml."""
    from kamalpy.config.reference import keys

    return [key.name for key in keys()]


def versions(said: Settings) -> Iterable[str]:
    """List versions, the last one first: those deployed from here, or those on the servers."""
    from kamalpy.cli.deployed import deployed

    if os.environ.get("KAMALPY_COMPLETE_VERSIONS") == "servers":
        return _asked(said)
    return deployed(_config(said))


def aliases(said: Settings) -> Iterable[str]:
    """List the commands that deploy.yml has names for."""
    from kamalpy.cli.aliases import known

    return known(said)


def _found(find: Find, ctx: click.Context) -> list[str]:
    try:
        return list(find(ctx.find_root().ensure_object(Settings)))
    except Exception:
        return []  # what is wrong is told when the command runs


def _config(said: Settings) -> Configuration:
    from kamalpy.config import load

    return load(
        said.config_file,
        destination=said.destination,
        allow_ruby=said.ruby,
        allow_commands=said.allow_commands,
    )


def _asked(said: Settings) -> list[str]:
    """Ask the servers; the program runs once more, so that a deadline can be kept."""
    words = [sys.executable, "-m", "kamalpy", "releases", "--json", "-c", said.config_file]
    words += ["-d", said.destination] if said.destination else []
    environ = {name: value for name, value in os.environ.items() if name != "_KAMALPY_COMPLETE"}
    ran = subprocess.run(
        words, capture_output=True, text=True, timeout=SECONDS, env=environ, check=False
    )
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    return [each["release"] for each in told if each["event"] == "release"]


def _item(name: str, kind: str = "plain", told: str | None = None) -> CompletionItem:
    from click.shell_completion import CompletionItem

    return CompletionItem(name, kind, told)


OPTIONS: Mapping[str, Complete] = {
    "config_file": files,
    "destination": one(destinations),
    "version": one(versions),
    "hosts": several(hosts),
    "roles": several(roles),
}
"""What completes the options of all commands."""
