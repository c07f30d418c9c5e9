"""The commands of the registry: log in and out, on this machine and on the servers."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from pyinfra.api.arguments_typed import PyinfraOperation

from kamalpy._pyinfra import local_call
from kamalpy._pyinfra.tunnel import LOOPBACK
from kamalpy.config import Registry
from kamalpy.deploys.deploy_command import DeployCommand, deploy_command
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.plan import Step, call
from kamalpy.deploys.project import Project
from kamalpy.deploys.queries import infrastructure_queries
from kamalpy.errors import DeployError
from kamalpy.operations import registry
from kamalpy.operations.base import Commands, operation
from kamalpy.secrets import Secret

_CONTAINER = "kamal-docker-registry"
_IMAGE = "registry:3"
_UNAVAILABLE = re.compile(r"Unable to find image|pull access denied|manifest unknown")


def _command(
    name: str,
    summary: str,
    act: Callable[[Project], None],
    remote: Callable[[Project], Iterator[Step]],
) -> PyinfraOperation[...]:
    """Declare a deploy that takes --skip-local and --skip-remote."""

    def listed(
        command: DeployCommand, skip_local: bool = False, skip_remote: bool = False
    ) -> Iterator[Step]:
        project, section = command.project, command.project.config.registry
        other = {"login": "setup", "logout": "remove"}.get(name)
        if section.local and other is not None:
            raise DeployError(
                f"{section.server} is a registry of this machine, which knows no password; "
                f"type: {project.typed(f'registry {other}')}"
            )
        if not skip_local:
            here, leader = partial(act, project), [project.leader]
            yield call("Registry on this machine", leader, on_this_machine, act=here)
        if not skip_remote and not section.local:
            yield from remote(project)

    listed.__name__ = f"registry_{name}"
    listed.__doc__ = f"""{summary}

    + skip_local: not on this machine
    + skip_remote: not on the hosts
    """
    return deploy_command(f"registry {name}", infrastructure_queries, locks=False)(listed)


def _log_in(project: Project) -> None:
    """Log this machine in, or run its own registry."""
    section = project.config.registry
    if section.local:
        start_registry(section)
        return
    credentials = Infrastructure(project).credentials(section)
    user, word = (_revealed(credentials[name]) for name in ("username", "password"))
    _docker("login", f"--username={user}", "--password-stdin", *_server(project), stdin=word)


def start_registry(registry: Registry) -> None:
    """Ensure the registry of this machine runs."""
    if _docker("start", _CONTAINER, required=False):
        return
    publish = f"{LOOPBACK}:{registry.port}:5000"
    words = ("run", "--detach", "--publish", publish, "--name", _CONTAINER, _IMAGE)
    try:
        _docker(*words)
    except DeployError as error:
        if not _UNAVAILABLE.search(str(error)):
            raise
        raise DeployError(
            f"{registry.server}: this machine's Docker has no image {_IMAGE} and cannot pull it; "
            f"load it with docker pull or docker load, or write another registry\n{error}"
        ) from None


def _log_out(project: Project) -> None:
    """Log this machine out, or remove its own registry."""
    if project.config.registry.local:
        _docker("stop", _CONTAINER, required=False)
        _docker("rm", _CONTAINER, required=False)
    else:
        _docker("logout", *_server(project))


def _logins(project: Project) -> Iterator[Step]:
    return Infrastructure(project).login(project.config.registry, project.config.hosts)


def logout(project: Project) -> Step:
    """Log out on the hosts in play."""
    hosts, server = project.play(project.config.hosts), project.config.registry.server
    return call(f"Log out of {server or 'Docker Hub'}", hosts, registry.logout, server=server)


def _logouts(project: Project) -> Iterator[Step]:
    yield logout(project)


_SETUP = "Log in to the registry, or run the registry of this machine."
_REMOVE = "Log out of the registry, or remove the registry of this machine."
registry_setup = _command("setup", _SETUP, _log_in, _logins)
registry_login = _command("login", "Log in to the registry.", _log_in, _logins)
registry_remove = _command("remove", _REMOVE, _log_out, _logouts)
registry_logout = _command("logout", "Log out of the registry.", _log_out, _logouts)


@operation(is_idempotent=False)
def on_this_machine(act: Callable[[], object]) -> Commands:
    """
    Do something on this machine, in the turn of a host.

    + act: what to do; raises DeployError if that fails
    """

    def call() -> bool:
        act()
        return True

    yield local_call(call)


def _server(project: Project) -> list[str]:
    server = project.config.registry.server
    return [server] if server else []


def _revealed(value: Any) -> str:
    return value.reveal() if isinstance(value, Secret) else str(value or "")


def _docker(*words: str, stdin: str = "", required: bool = True) -> bool:
    """Run this machine's docker; raises DeployError where it fails and must not."""
    if shutil.which("docker") is None:
        raise DeployError("docker: is not on this machine; install it, or type --skip-local")
    done = subprocess.run(
        ["docker", *words],
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode and required:
        raise DeployError(f"docker {words[0]} on this machine: {done.stdout.strip()}")
    return done.returncode == 0
