"""The steps for what an app needs: Docker, registries, the network, the proxy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kamalpy._pyinfra import commands_of
from kamalpy.config import Accessory, Configuration, ProxyRun, Registry, Role
from kamalpy.deploys.plan import Step, call, one
from kamalpy.deploys.project import Project
from kamalpy.operations import network, registry, server
from kamalpy.operations.base import Commands
from kamalpy.operations.proxy.container import proxy_spec, run_proxy
from kamalpy.secrets import Secret
from kamalpy.spec.audit import Audit
from kamalpy.spec.container import ContainerSpec


@dataclass(frozen=True)
class Infrastructure:
    """What must exist before an app can be deployed."""

    project: Project

    @property
    def _config(self) -> Configuration:
        return self.project.config

    @property
    def proxy_hosts(self) -> tuple[str, ...]:
        """The hosts in play that have a proxy."""
        return self.project.play(self._config.proxy_hosts)

    def docker(self) -> Step:
        """Ensure all hosts have Docker."""
        hosts, user = self.project.play(self._config.hosts), self._config.ssh.user
        return call("Install Docker", hosts, server.docker, user=user)

    def network(self) -> Step:
        """Ensure the network exists on which containers find each other."""
        hosts = self.project.play(self._config.hosts)
        return call("Create the network kamal", hosts, network.present)

    def logins(self, accessories: Iterable[Accessory] = ()) -> Iterator[Step]:
        """Log in to each registry on the hosts that pull from it."""
        yield from self.login(self._config.registry, self.project.app_hosts)
        for each in accessories:
            if each.registry is not None:
                yield from self.login(each.registry, each.hosts)

    def login(self, to: Registry, hosts: Sequence[str]) -> Iterator[Step]:
        """Log in to a registry that needs it."""
        if not to.local and to.username is not None:
            title, hosts = f"Log in to {to.server or 'Docker Hub'}", self.project.play(hosts)
            yield one(
                title, hosts, lambda host: commands_of(registry.login, **self.credentials(to))
            )

    def credentials(self, to: Registry) -> Mapping[str, Any]:
        """Return the arguments of ``registry.login``."""
        word = self.project.secret(to.password)
        return {
            "server": to.server,
            "username": self.project.secret(to.username),
            "password": Secret.of("password", word) if isinstance(word, str) else word,
        }

    def proxy(self, replace: bool) -> Step:
        """Ensure the proxy runs on the hosts where something is behind it."""
        return one("Run kamal-proxy", self.proxy_hosts, lambda host: self.run_proxy(host, replace))

    def run_proxy(
        self, host: str, replace: bool = True, always: bool = False, audit: Audit | None = None
    ) -> Commands:
        """Run the proxy of a host; it is shared where deploy.yml does not configure it."""
        shared, audit = self._written_run(host) is None, audit or self.project.audit()
        return run_proxy(self.proxy_spec(host), shared, replace, always, audit)

    def proxy_spec(self, host: str) -> ContainerSpec:
        """Describe the proxy's container, unless the host has a configuration of its own."""
        return proxy_spec(self.proxy_image(host), self._written_run(host) or ProxyRun())

    def proxy_image(self, host: str) -> str:
        """Name the proxy's image, unless the host has a configuration of its own."""
        return (self._written_run(host) or ProxyRun()).image

    def _written_run(self, host: str) -> ProxyRun | None:
        """Find its section in deploy.yml; the configuration ensures that all parts agree."""
        behind: list[Role | Accessory] = [*self._config.roles, *self._config.accessories]
        runs = (each.proxy.run for each in behind if each.proxy and host in each.hosts)
        return next((run for run in runs if run is not None), None)
