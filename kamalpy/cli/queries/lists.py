"""Queries for lists: containers, images, versions, the audit log."""

from __future__ import annotations

from collections.abc import Sequence

from kamalpy.cli.engine import Engine
from kamalpy.cli.queries import locations
from kamalpy.cli.queries.fleet import Query
from kamalpy.cli.queries.locations import Location
from kamalpy.commands import audit as log
from kamalpy.commands import listing
from kamalpy.config import EVERY


def everything(engine: Engine) -> list[Query]:
    """List all containers."""
    return [*proxy(engine), *app(engine), *accessories(engine, EVERY)]


def app(engine: Engine) -> list[Query]:
    """List the app's running containers."""
    found = locations.by_host(engine, locations.app_locations(engine))
    return [
        Query(each.host, listing.role(each.where.app), heading(each, found), each.name)
        for each in found
        if each.where.app is not None
    ]


def containers(engine: Engine) -> list[Query]:
    """List all containers of the app, whatever their role."""
    config = engine.config
    labels = {"service": config.service, "destination": config.destination or ""}
    command = listing.containers(labels)
    return [Query(host, command, f"App Host: {host}") for host in locations.app_hosts(engine)]


def images(engine: Engine) -> list[Query]:
    """List the app's images."""
    command = listing.images(engine.config.repository)
    return [Query(host, command, f"App Host: {host}") for host in locations.app_hosts(engine)]


def version(engine: Engine) -> list[Query]:
    """Show which version serves."""
    found = locations.by_host(engine, locations.app_locations(engine))
    return [
        Query(each.host, listing.version(each.where), heading(each, found), each.name)
        for each in found
    ]


def accessories(engine: Engine, accessory: str) -> list[Query]:
    """List the container of an accessory, or those of all."""
    return [
        Query(
            each.host,
            listing.running(each.labels),
            accessory_heading(each),
            each.name,
        )
        for each in locations.accessory_locations(engine, accessory)
    ]


def proxy(engine: Engine) -> list[Query]:
    """List the proxy's container."""
    command = listing.proxy()
    return [
        Query(host, command, f"Proxy Host: {host}", "proxy")
        for host in locations.proxy_hosts(engine)
    ]


def audit(engine: Engine, lines: int) -> list[Query]:
    """Read the last lines of the audit log."""
    config = engine.config
    command = log.read(log.log_file(config.service, config.destination), lines)
    return [Query(host, command, f"App Host: {host}") for host in engine.hosts]


def heading(location: Location, among: Sequence[Location]) -> str:
    """Name the host of an answer, and the role where the host has several."""
    several = sum(1 for each in among if each.host == location.host) > 1
    return f"App Host: {location.host}{f', role {location.name}' if several else ''}"


def accessory_heading(location: Location) -> str:
    """Name the accessory of an answer, and its host."""
    return f"Accessory {location.name} Host: {location.host}"
