"""The steps of the verbs on the proxy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyinfra.api.arguments_typed import PyinfraOperation

from kamalpy.commands import file
from kamalpy.commands.state_query import StateQuery
from kamalpy.deploys.hooks import Hooks
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.plan import Stage, Step
from kamalpy.deploys.roles import RoleSteps
from kamalpy.errors import ArgumentError, DeployError
from kamalpy.facts.observe import forget
from kamalpy.operations import container, image, proxy
from kamalpy.operations.base import Commands, engine, noop, operation
from kamalpy.spec.app import App
from kamalpy.spec.boot_config import FOLDER
from kamalpy.spec.state import PROXY


@dataclass(frozen=True)
class ProxySteps(Infrastructure):
    """What happens to the proxy on its hosts in play."""

    hooks: Hooks

    def check(self) -> None:
        """Refuse where there is nothing to do; raises before anything else happens."""
        if not self._hosts:
            known = ", ".join(self._config.proxy_hosts)
            told = f"the proxy is on {known}, and this run is not; see -h, -r and -p"
            raise DeployError(told if known else f"{self._config.file} has nothing behind a proxy")

    @property
    def _hosts(self) -> tuple[str, ...]:
        return self.project.play(self._config.proxy_hosts)

    def boot(self) -> Iterator[Step]:
        """Have it run, with the network that it is in."""
        yield from self.network()
        yield from self._login(self._config.registry, self._hosts)
        yield from self.proxy(replace=False)

    def reboot(self, rolling: bool) -> Iterator[Step]:
        """Give it a new container, on all hosts at once or in turn."""
        yield from self._login(self._config.registry, self._hosts)
        yield from self.network()
        yield self._step("Pull the proxy's image", image.pull, self._image_of)
        for turn in [(host,) for host in self._hosts] if rolling else [self._hosts]:
            yield from self.hooks.step("pre-proxy-reboot", Stage.PREPARE, turn)
            yield Step("Reboot the proxy", Stage.PREPARE, turn, proxy.container, self._anew)
            yield from self.hooks.step("post-proxy-reboot", Stage.PREPARE, turn)

    def start(self) -> Iterator[Step]:
        """Start its container."""
        yield self._step("Start the proxy", container.running, self._said("Started proxy"))

    def stop(self) -> Iterator[Step]:
        """Stop its container."""
        yield self._step("Stop the proxy", container.stopped, self._said("Stopped proxy"))

    def restart(self) -> Iterator[Step]:
        """Stop its container and start it."""
        yield self._step("Restart the proxy", container.restart, self._said("Restarted proxy"))

    def remove(self, force: bool) -> Iterator[Step]:
        """Have none; where an app needs it, that is refused."""

        def arguments(host: str) -> Mapping[str, Any]:
            return {**self._image_of(host), "force": force, "audit": self.project.audit()}

        yield self._step("Remove the proxy", proxy.absent, arguments)

    def remove_unless_needed(self) -> Iterator[Step]:
        """Have none where nothing else needs it, once this service has gone."""

        def arguments(host: str) -> Mapping[str, Any]:
            gone = self._gone if host in RoleSteps(self.project).whole_hosts else ()
            audit = self.project.audit()
            return {**self._image_of(host), "besides": gone, "leave": True, "audit": audit}

        if self._hosts:
            yield self._step("Remove the proxy", proxy.absent, arguments)

    @property
    def _gone(self) -> tuple[str, ...]:
        """Name what a host may still have when this is decided, and soon will not."""
        config = self._config
        roles = (App(config.service, each.name, config.destination) for each in config.roles)
        accessories = (each.service_name for each in config.accessories)
        return (config.service_and_destination, *(each.prefix for each in roles), *accessories)

    def boot_config(self, wanted: Mapping[str, str | None]) -> Iterator[Step]:
        """Have Kamal's files that say how it is run."""
        yield self._step("Boot configuration", proxy.boot_config, lambda host: wanted)

    def remove_container(self) -> Iterator[Step]:
        """Have no container of it, which must have stopped."""

        def arguments(host: str) -> Mapping[str, Any]:
            return {**self._said("Removed proxy container")(host), "running": False}

        yield self._step("Remove the proxy", container.absent, arguments)

    def remove_image(self) -> Iterator[Step]:
        """Have no image of it, unless it runs from that."""

        def arguments(host: str) -> Mapping[str, Any]:
            audit = self.project.audit("Removed proxy image")
            return {**self._image_of(host), "audit": audit}

        yield self._step("Remove the proxy's image", image.absent, arguments)

    def remove_directory(self) -> Iterator[Step]:
        """Have none of its files."""
        yield self._step("Remove the proxy's files", directory_absent, lambda host: {})

    def _step(self, title: str, operation: PyinfraOperation[...], arguments: Any) -> Step:
        return Step(title, Stage.PREPARE, self._hosts, operation, arguments)

    def _image_of(self, host: str) -> Mapping[str, Any]:
        return {"image": self.run(host).image}

    def _anew(self, host: str) -> Mapping[str, Any]:
        return {**self._proxy(host), "always": True, "audit": self.project.audit("Rebooted proxy")}

    def _said(self, text: str) -> Any:
        return lambda host: {"container": PROXY, "audit": self.project.audit(text)}


@operation()
def directory_absent() -> Commands:
    """
    Have none of the proxy's files, once it has stopped.

    Kamal takes them away from a proxy that runs.
    """
    state = engine(StateQuery(paths=(FOLDER,)))
    there = state.container(PROXY)
    if FOLDER not in state.files:
        noop(f"there is no {FOLDER}")
        return
    if there is not None and there.status in ("running", "restarting", "paused"):
        raise ArgumentError(f"{PROXY} is running; stop it before {FOLDER} goes")
    yield file.remove(FOLDER)
    forget()
