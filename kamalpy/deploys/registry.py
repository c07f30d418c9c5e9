"""The commands of the registry: log in and out, on this machine and on the servers."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from pyinfra.api.arguments_typed import PyinfraOperation
from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy._pyinfra import local_call
from kamalpy._pyinfra.tunnel import LOOPBACK
from kamalpy.config import Registry
from kamalpy.deploys.deploy_command import DeployCommand
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.plan import Stage, Step
from kamalpy.deploys.queries import infrastructure_queries
from kamalpy.errors import DeployError
from kamalpy.operations import registry
from kamalpy.operations.base import Commands, operation
from kamalpy.secrets import Secret

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.options import DeployArguments

_CONTAINER = "kamal-docker-registry"
_IMAGE = "registry:3"
_UNAVAILABLE = re.compile(r"Unable to find image|pull access denied|manifest unknown")


class RegistrySteps(Infrastructure):
    """What happens to the app's registry, on this machine and on the hosts in play."""

    @property
    def _registry(self) -> Registry:
        return self._config.registry

    def check(self, command: str) -> None:
        """Refuse what a registry of this machine has not."""
        if self._registry.local and command in ("login", "logout"):
            other = {"login": "setup", "logout": "remove"}[command]
            raise DeployError(
                f"{self._registry.server} is a registry of this machine, which knows no password; "
                f"type: {self.project.typed(f'registry {other}')}"
            )

    def setup(self, here: bool, there: bool) -> Iterator[Step]:
        """Be logged in, or have a registry run on this machine."""
        if here:
            run = self._start if self._registry.local else self._log_in_here
            yield self._here("Registry on this machine", run)
        if there:
            yield from self._login(self._registry, self._config.hosts)

    def remove(self, here: bool, there: bool) -> Iterator[Step]:
        """Be logged out, or have no registry on this machine."""
        if here:
            run = self._stop if self._registry.local else self._log_out_here
            yield self._here("Registry on this machine", run)
        if there and not self._registry.local:
            yield from self.logouts()

    def logouts(self) -> Iterator[Step]:
        """Be logged out on the hosts in play."""
        yield Step(
            f"Log out of {self._registry.server or 'Docker Hub'}",
            Stage.PREPARE,
            self.project.play(self._config.hosts),
            registry.logout,
            lambda host: {"server": self._registry.server},
        )

    def _here(self, title: str, act: Callable[[], None]) -> Step:
        leader = (self.project.leader,)
        return Step(title, Stage.PREPARE, leader, on_this_machine, lambda host: {"act": act})

    @property
    def _server(self) -> list[str]:
        return [self._registry.server] if self._registry.server else []

    def _log_in_here(self) -> None:
        known = self.credentials(self._registry)
        user, word = (_revealed(known[name]) for name in ("username", "password"))
        _docker("login", f"--username={user}", "--password-stdin", *self._server, stdin=word)

    def _log_out_here(self) -> None:
        _docker("logout", *self._server)

    def _start(self) -> None:
        start_registry(self._registry)

    def _stop(self) -> None:
        _docker("stop", _CONTAINER, required=False)
        _docker("rm", _CONTAINER, required=False)


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


Steps = Callable[[RegistrySteps, bool, bool], Iterator[Step]]


def _deploy(name: str, steps: Steps, summary: str) -> PyinfraOperation[...]:
    """Declare a deploy that takes --skip-local, --skip-remote and the options of every deploy."""

    def registry_deploy(
        skip_local: bool = False, skip_remote: bool = False, **options: Unpack[DeployArguments]
    ) -> None:
        command = DeployCommand.of(f"registry {name}", options, locks=False)
        registry = RegistrySteps(command.project)
        registry.check(name)
        command.run(
            partial(steps, registry, not skip_local, not skip_remote), infrastructure_queries
        )

    registry_deploy.__name__ = f"registry_{name}"
    registry_deploy.__doc__ = f"""
    {summary}

    + skip_local: not on this machine
    + skip_remote: not on the hosts
    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    return pyinfra_deploy(f"Kamal registry {name}")(registry_deploy)


_SETUP = "Log in to the registry, or run the registry of this machine."
_REMOVE = "Log out of the registry, or remove the registry of this machine."
registry_setup = _deploy("setup", RegistrySteps.setup, _SETUP)
registry_login = _deploy("login", RegistrySteps.setup, "Log in to the registry.")
registry_remove = _deploy("remove", RegistrySteps.remove, _REMOVE)
registry_logout = _deploy("logout", RegistrySteps.remove, "Log out of the registry.")


@operation(is_idempotent=False)
def on_this_machine(act: Callable[[], None]) -> Commands:
    """
    Do something on this machine, in the turn of a host.

    + act: what to do; raises DeployError if that fails
    """

    def call() -> bool:
        act()
        return True

    yield local_call(call)


def _revealed(value: Any) -> str:
    return value.reveal() if isinstance(value, Secret) else str(value or "")


def _docker(*words: str, stdin: str = "", required: bool = True) -> bool:
    """Run this machine's docker; raises DeployError where it fails and must not."""
    if shutil.which("docker") is None:
        raise DeployError("docker: is not on this machine; install it, or type --skip-local")
    ran = _run(["docker", *words], stdin)
    if ran.returncode and required:
        raise DeployError(f"docker {words[0]} on this machine: {ran.stdout.strip()}")
    return ran.returncode == 0


def _run(command: Sequence[str], stdin: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
