"""The roles and accessories in play, each on its hosts in play."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kamalpy.cli.engine import Engine
from kamalpy.commands.execution import Where
from kamalpy.config import Accessory, Role
from kamalpy.spec.app import App


@dataclass(frozen=True)
class Location:
    """A role or an accessory on a host, with its container there."""

    host: str
    section: Role | Accessory
    where: Where

    @property
    def name(self) -> str:
        """The role's or the accessory's name."""
        return self.section.name

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels by which its containers are found."""
        return self.where.app.labels if self.where.app else {"service": self.where.container}


def app_of(engine: Engine, role: Role) -> App:
    """Return the names that a role has on servers."""
    return App(engine.config.service, role.name, engine.config.destination)


def roles(engine: Engine) -> list[Role]:
    """List the roles in play that have a host in play, the primary role first."""
    names, hosts = engine.roles, set(engine.hosts)
    return [
        role
        for role in engine.config.roles
        if (not names or role.name in names) and hosts.intersection(role.hosts)
    ]


def app_locations(engine: Engine, version: str | None = None) -> list[Location]:
    """List the roles in play on each of their hosts, the primary role before others."""
    config = engine.config
    image = f"{config.repository}:{version}" if version else ""
    return [
        Location(host, role, Where.role(app_of(engine, role), config.latest_image, version, image))
        for role in roles(engine)
        for host in engine.hosts
        if host in role.hosts
    ]


def app_hosts(engine: Engine) -> list[str]:
    """List the hosts in play that have a role in play."""
    found = {host for role in roles(engine) for host in role.hosts}
    return [host for host in engine.hosts if host in found]


def by_host(engine: Engine, locations: Sequence[Location]) -> list[Location]:
    """Order locations by host."""
    hosts = list(engine.hosts)
    return sorted(locations, key=lambda location: hosts.index(location.host))


def accessory_locations(engine: Engine, name: str) -> list[Location]:
    """List an accessory, or all of them, on each of its hosts in play."""
    return [
        Location(host, each, Where(each.service_name, container=each.service_name))
        for each in engine.config.accessories_called(name)
        for host in engine.hosts
        if host in each.hosts
    ]


def proxy_hosts(engine: Engine) -> list[str]:
    """List the hosts in play that run the proxy."""
    return [host for host in engine.hosts if host in engine.config.proxy_hosts]
