"""The steps of the verbs on an accessory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kamalpy.config import EVERY, Accessory
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.plan import Step
from kamalpy.errors import DeployError
from kamalpy.operations import accessory, container, image, proxy


class AccessorySteps(Infrastructure):
    """What happens to an accessory on its hosts in play."""

    def chosen(self, name: str) -> Sequence[Accessory]:
        """Find an accessory with a host in play, or all that have one."""
        called = self._config.accessories_called(name)
        in_play = [each for each in called if self.project.play(each.hosts)]
        if not in_play and name != EVERY:
            hosts = ", ".join(called[0].hosts)
            raise DeployError(f"{name}: is on {hosts}, and this run is not; see -h, -r and -p")
        return in_play

    def boot(self, of: Accessory) -> Iterator[Step]:
        """Have it run as deploy.yml says, with all that it stands on."""
        yield from self._ground(of)
        yield from self.accessory(of)

    def reboot(self, of: Accessory) -> Iterator[Step]:
        """Fetch its image once more, and give it a new container."""
        yield from self._ground(of)
        yield from self.pull(of)
        yield from self.directories(of)
        yield from self.upload(of)
        yield self._of(of, "Secrets of {0.name}", accessory.env, self._secrets)
        yield self._of(of, "Reboot {0.name}", accessory.container, self._anew)
        yield from self._routed(of)

    def start(self, of: Accessory) -> Iterator[Step]:
        """Start its container, and send requests to it."""
        yield self._of(of, "Start {0.name}", container.running, self._said("Started"))
        yield from self._routed(of)

    def stop(self, of: Accessory) -> Iterator[Step]:
        """Stop its container, after the proxy has forgotten it."""
        yield from self._unrouted(of)
        yield self._of(of, "Stop {0.name}", container.stopped, self._said("Stopped"))

    def restart(self, of: Accessory) -> Iterator[Step]:
        """Stop its container and start it."""
        yield self._of(of, "Restart {0.name}", container.restart, self._said("Restarted"))
        yield from self._routed(of)

    def pull(self, of: Accessory) -> Iterator[Step]:
        """Fetch its image, though it may be there."""

        def arguments(of: Accessory, host: str) -> Mapping[str, Any]:
            audit = self.project.audit(f"Pull {of.name} accessory image")
            return {"image": of.image, "always": True, "audit": audit}

        yield self._of(of, "Pull {0.image}", image.pull, arguments)

    def directories(self, of: Accessory) -> Iterator[Step]:
        """Have its directories."""
        yield self._of(of, "Directories of {0.name}", accessory.directories, self._directories)

    def upload(self, of: Accessory) -> Iterator[Step]:
        """Have its files."""
        yield self._of(of, "Files of {0.name}", accessory.files, self._files)

    def remove(self, of: Accessory, data: bool) -> Iterator[Step]:
        """Have neither its container nor its image, nor its data if that is meant."""

        def arguments(of: Accessory, host: str) -> Mapping[str, Any]:
            audit = self.project.audit(f"Remove {of.name} accessory container")
            return {"service": of.service_name, "data": data, "audit": audit}

        yield from self._unrouted(of)
        yield self._of(of, "Remove {0.name}", accessory.absent, arguments)
        yield from self.remove_image(of)

    def remove_container(self, of: Accessory) -> Iterator[Step]:
        """Have no container of it, which must have stopped."""

        def arguments(of: Accessory, host: str) -> Mapping[str, Any]:
            audit = self.project.audit(f"Remove {of.name} accessory container")
            return {"container": of.service_name, "running": False, "audit": audit}

        yield self._of(of, "Remove {0.name}", container.absent, arguments)

    def remove_image(self, of: Accessory) -> Iterator[Step]:
        """Have no image of it, unless some container runs from that."""

        def arguments(of: Accessory, host: str) -> Mapping[str, Any]:
            audit = self.project.audit(f"Removed {of.name} accessory image")
            return {"image": of.image, "audit": audit}

        yield self._of(of, "Remove {0.image}", image.absent, arguments)

    def remove_data(self, of: Accessory) -> Iterator[Step]:
        """Have none of its files and data; its container must have stopped."""
        yield self._of(
            of,
            "Remove the data of {0.name}",
            accessory.data_absent,
            lambda of, host: {"service": of.service_name},
        )

    def _ground(self, of: Accessory) -> Iterator[Step]:
        """Have what it stands on: a login, the network, and the proxy if that knows of it."""
        yield from self._login(of.registry or self._config.registry, of.hosts)
        turn = self.turn_of(*of.hosts)
        yield from turn.network()
        if of.proxy is not None:
            yield from turn.proxy(replace=False)

    def _routed(self, of: Accessory) -> Iterator[Step]:
        if of.proxy is not None:
            yield self._of(of, "Route {0.name}", proxy.route, self.route)

    def _unrouted(self, of: Accessory) -> Iterator[Step]:
        if of.proxy is not None:
            yield self._of(of, "Take {0.name} off the proxy", proxy.unroute, self._name)

    def _name(self, of: Accessory, host: str) -> Mapping[str, Any]:
        return {"service": of.service_name}

    def _anew(self, of: Accessory, host: str) -> Mapping[str, Any]:
        return {**self._container(of, host), "always": True}

    def _said(self, done: str) -> Any:
        def arguments(of: Accessory, host: str) -> Mapping[str, Any]:
            audit = self.project.audit(f"{done} {of.name} accessory")
            return {"container": of.service_name, "audit": audit}

        return arguments
