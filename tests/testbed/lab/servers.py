"""The servers of a test, with their images and their registry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from fleet import images, proxy_image
from fleet.fleet import Fleet, each
from fleet.keys import Keys
from fleet.registry import Registry

from lab.host import Host


@dataclass
class Servers:
    """Hosts of a fleet, in order; each is started at its first use."""

    fleet: Fleet
    _hosts: list[Host] = field(default_factory=list)
    _off: list[Host] = field(default_factory=list)
    _how: tuple[bool, bool] = (True, True)
    _debian_13: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Host]:
        return iter(self.first(len(self)))

    def __getitem__(self, index: int) -> Host:
        return self._on([self._hosts[index]])[0]

    def __len__(self) -> int:
        return len(self._hosts)

    def first(self, count: int) -> list[Host]:
        """Return the first hosts."""
        return self._on(self._hosts[:count])

    @property
    def addresses(self) -> list[str]:
        """The addresses, in order."""
        return [host.address for host in self]

    @property
    def keys(self) -> Keys:
        """The SSH keys."""
        return self.fleet.keys

    def renew(
        self,
        count: int = 3,
        docker: bool = True,
        seeded: bool = True,
        debian_13: tuple[str, ...] = (),
    ) -> Servers:
        """Remove all servers; start so many new ones at their first use."""
        each(lambda server: server.down(), self.fleet.servers())
        self._how, self._debian_13 = (docker, seeded), debian_13
        self._hosts[:] = [Host(self.fleet.server(f"h{number}")) for number in range(1, count + 1)]
        self._off[:] = self._hosts
        return self

    def mark(self) -> None:
        """Count SSH requests and connections from here, on every host."""
        for host in self:
            host.mark()

    def _on(self, hosts: list[Host]) -> list[Host]:
        off = [host for host in hosts if host in self._off]
        if off:
            self.fleet.boot([host.server for host in off], *self._how, self._debian_13)
            self._off = [host for host in self._off if host not in off]
        return hosts


@dataclass(frozen=True)
class Images:
    """The images of a fleet, built and pushed at first use."""

    fleet: Fleet

    @property
    def registry(self) -> Registry:
        """The registry that images are pushed to."""
        return self.fleet.control.registry

    def app(
        self, version: str, service: str = "test", name: str = "acme/test", fault: str = ""
    ) -> str:
        """Ensure that the registry has a version of the sample app, and return its name there."""
        image = images.app(version, service, name, fault)
        return images.push(self.fleet.control, images.build(self.fleet.control, image))

    def stands_in(self) -> bool:
        """Return whether kamal-proxy is the stand-in."""
        return proxy_image.is_standin(self.fleet.control)
