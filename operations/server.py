"""Prepare a server for its first deploy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyinfra.api.command import PyinfraCommand, StringCommand
from pyinfra.context import host

from kamalpy._pyinfra import commands_of
from kamalpy._pyinfra.login import connect_again
from kamalpy.commands.server import start_docker, use_docker
from kamalpy.commands.state_query import StateQuery
from kamalpy.errors import ArgumentError, DeployError
from kamalpy.facts.observe import forget, observe
from kamalpy.operations import valid
from kamalpy.operations.base import Commands, noop, operation, progress

_DEBIAN = "docker.io"
_PACKAGES = {
    "alpine": "docker",
    "amazon": "docker",
    "arch": "docker",
    "debian": _DEBIAN,
    "fedora": "moby-engine",
    "opensuse": "docker",
    "raspbian": _DEBIAN,
    "suse": "docker",
    "ubuntu": _DEBIAN,
}


@operation()
def docker(user: str | None = None) -> Commands:
    """
    Ensure Docker is installed, from the distribution's own packages, and running.

    + user: user who may use it without being root; needs passwordless sudo

    Kamal runs a script from get.docker.com instead. An existing engine is not changed. Where the
    SSH user is not root, sudo makes the changes, and a new login makes the group effective.

    **Example:**

    .. code:: python

        server.docker(name="Install Docker")
    """
    if valid.text("user", user or "").startswith("-"):
        raise ArgumentError(f"user: {user!r} is no name of a user; leave out the dash")
    found = observe(StateQuery()).docker
    if found not in ("absent", "stopped", "unknown"):
        noop(f"Docker {found} is running")
        return
    progress().docker.add(host.name)
    commands = [*(_packages() if found == "absent" else ()), start_docker()]
    if user in (None, "", "root"):
        yield from commands
    elif _login() == "root":
        yield from (*commands, use_docker(user))
    else:
        yield from _with_sudo((*commands, use_docker(user)))
        yield connect_again()
    forget()


def _packages() -> Iterator[PyinfraCommand | str]:
    from pyinfra.operations import apt  # which few deploys need, and which is slow to import
    from pyinfra.operations.server import packages

    package = _package()
    if package == _DEBIAN:  # a new server has no list of packages yet
        yield from commands_of(apt.packages, packages=[package], update=True)
    else:
        yield from commands_of(packages, packages=[package])


def _login() -> str:
    from pyinfra.facts.server import User

    return str(host.get_fact(User))


def _with_sudo(commands: Iterable[PyinfraCommand | str]) -> Iterator[PyinfraCommand]:
    for each in commands:
        command = StringCommand(each) if isinstance(each, str) else each
        command.connector_arguments["_sudo"] = True
        yield command


def _package() -> str:
    from pyinfra.facts.server import LinuxDistribution

    distribution = host.get_fact(LinuxDistribution)
    name = str((distribution.get("release_meta") or {}).get("ID") or distribution.get("name") or "")
    package = _PACKAGES.get(name.lower())
    if package is None:
        raise DeployError(
            f"{host.name}: no package with Docker is known for {name or 'its system'}; install "
            "Docker on it yourself, as docs.docker.com/engine/install says, and run setup again"
        )
    return package
