"""``registry``: logged in or not, on this machine and on the servers."""

from __future__ import annotations

import click

from kamalpy.cli.tree import Entry, Group, command

_HERE = "kamalpy.cli.registry"
ENTRIES = {
    "setup": Entry(f"{_HERE}:setup", "Log in, or run the registry of this machine."),
    "remove": Entry(f"{_HERE}:remove", "Log out, or remove the registry of this machine."),
    "login": Entry(f"{_HERE}:login", "Log in to the registry, here and on all servers."),
    "logout": Entry(f"{_HERE}:logout", "Log out of the registry, here and on all servers."),
}

group = Group(ENTRIES, name="registry", help="The registry: logged in or not, here and there.")
_skip_local = click.option("-L", "--skip-local", is_flag=True, help="Not on this machine.")
_skip_remote = click.option("-R", "--skip-remote", is_flag=True, help="Not on the servers.")


@command()
@_skip_local
@_skip_remote
def setup(skip_local: bool, skip_remote: bool) -> int:
    """Log in to the registry, or run the one of this machine."""
    return _run("setup", skip_local, skip_remote)


@command()
@_skip_local
@_skip_remote
def remove(skip_local: bool, skip_remote: bool) -> int:
    """Log out of the registry, or remove the one of this machine."""
    return _run("remove", skip_local, skip_remote)


@command()
@_skip_local
@_skip_remote
def login(skip_local: bool, skip_remote: bool) -> int:
    """Log in to the registry."""
    return _run("login", skip_local, skip_remote)


@command()
@_skip_local
@_skip_remote
def logout(skip_local: bool, skip_remote: bool) -> int:
    """Log out of the registry."""
    return _run("logout", skip_local, skip_remote)


def _run(verb: str, skip_local: bool, skip_remote: bool) -> int:
    from kamalpy.cli.run import run

    skipped = {"skip_local": skip_local, "skip_remote": skip_remote}
    return run(f"registry {verb}", f"registry_{verb}", **skipped)
