"""Shell completion: the command, and the candidates it offers; a broken file offers none."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kamalpy.cli.settings import Settings
from kamalpy.cli.tree import AnywhereCommand, command

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


Find = Callable[[Settings], Iterable[str]]
Complete = Callable[[click.Context, str], "list[CompletionItem]"]
SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_KAMALPY_COMPLETE"
TIMEOUT = 10
"""Seconds that servers have to list their versions."""


@command(cls=AnywhereCommand, own=True)
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> int:
    """
    Print the script that completes commands, options, hosts, roles, accessories, versions.

    \b
    bash: eval "$(kamalpy completion bash)"     in ~/.bashrc
    zsh:  eval "$(kamalpy completion zsh)"      in ~/.zshrc, after compinit
    fish: kamalpy completion fish | source      in ~/.config/fish/config.fish

    Versions are those deployed from this folder; with KAMALPY_COMPLETE_VERSIONS=servers in the
    environment, those on the servers.
    """
    from click.shell_completion import get_completion_class

    root = click.get_current_context().find_root().command
    kind = get_completion_class(shell)
    if kind is not None:
        click.echo(kind(root, {}, "kamalpy", VARIABLE).source())
    return 0


def complete(find: Find) -> Complete:
    """Complete a name, or the last of several with commas between them."""

    def complete_last(ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        before, comma, last = incomplete.rpartition(",")
        names = [name for name in _found(find, ctx) if name not in before.split(",")]
        return [_item(f"{before}{comma}{name}") for name in names if name.startswith(last)]

    return complete_last


def argument(find: Find) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    """Complete an argument, ``shell_complete=`` of it."""
    return lambda ctx, param, incomplete: complete(find)(ctx, incomplete)


def files(ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """Let the shell complete files."""
    return [_item(incomplete, "file")]


def hosts(settings: Settings) -> Iterable[str]:
    """List all servers."""
    return settings.load().hosts


def roles(settings: Settings) -> Iterable[str]:
    """List all roles."""
    return [role.name for role in settings.load().roles]


def accessories(settings: Settings) -> Iterable[str]:
    """List all accessories, and ``all``."""
    from kamalpy.config import EVERY

    return [*(each.name for each in settings.load().accessories), EVERY]


def destinations(settings: Settings) -> Iterable[str]:
    """List the destinations that have a file next to deploy.yml."""
    path = Path(settings.config_file)
    found = path.parent.glob(f"{path.stem}.*{path.suffix}")
    return sorted(each.name[len(path.stem) + 1 : -len(path.suffix)] for each in found)


def keys(settings: Settings) -> Iterable[str]:
    """List the keys of deploy.yml."""
    from kamalpy.reference import keys

    return [key.name for key in keys()]


def versions(settings: Settings) -> Iterable[str]:
    """List versions, the last one first: those deployed from here, or those on the servers."""
    from kamalpy.cli.journal import deployed_versions

    if os.environ.get("KAMALPY_COMPLETE_VERSIONS") == "servers":
        return _on_servers(settings)
    return deployed_versions(settings.load())


def _found(find: Find, ctx: click.Context) -> list[str]:
    try:
        return list(find(ctx.find_root().ensure_object(Settings)))
    except Exception:
        return []  # errors are reported when the command runs


def _on_servers(settings: Settings) -> list[str]:
    """Run kamalpy releases in another process, which a timeout can end."""
    import subprocess
    import sys

    words = [sys.executable, "-m", "kamalpy", "releases", "--json", "-c", settings.config_file]
    words += ["-d", settings.destination] if settings.destination else []
    environ = {name: value for name, value in os.environ.items() if name != VARIABLE}
    ran = subprocess.run(
        words, capture_output=True, text=True, timeout=TIMEOUT, env=environ, check=False
    )
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    return [each["release"] for each in events if each["event"] == "release"]


def _item(name: str, kind: str = "plain") -> CompletionItem:
    from click.shell_completion import CompletionItem

    return CompletionItem(name, kind)


OPTIONS: Mapping[str, Complete] = {
    "config_file": files,
    "destination": complete(destinations),
    "version": complete(versions),
    "hosts": complete(hosts),
    "roles": complete(roles),
}
"""How the options of all commands are completed."""
