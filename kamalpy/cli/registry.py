"""``registry``: log in and out, on this machine and on the servers."""

from __future__ import annotations

import click

from kamalpy.cli.tree import Group

group = Group(name="registry", help="The registry: log in and out, here and on the servers.")

_skip_local = click.option("-L", "--skip-local", is_flag=True, help="Not on this machine.")
_skip_remote = click.option("-R", "--skip-remote", is_flag=True, help="Not on the servers.")


@group.command()
@_skip_local
@_skip_remote
def setup(**skipped: bool) -> int:
    """Log in to the registry, or run the one of this machine."""
    return _run("setup", skipped)


@group.command()
@_skip_local
@_skip_remote
def remove(**skipped: bool) -> int:
    """Log out of the registry, or remove the one of this machine."""
    return _run("remove", skipped)


@group.command()
@_skip_local
@_skip_remote
def login(**skipped: bool) -> int:
    """Log in to the registry, on this machine and on all servers."""
    return _run("login", skipped)


@group.command()
@_skip_local
@_skip_remote
def logout(**skipped: bool) -> int:
    """Log out of the registry, on this machine and on all servers."""
    return _run("logout", skipped)


def _run(command: str, skipped: dict[str, bool]) -> int:
    from kamalpy.cli.run import run

    return run(f"registry {command}", f"registry_{command}", **skipped)
