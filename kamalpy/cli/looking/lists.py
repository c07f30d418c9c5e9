"""What docker lists of an app, its accessories and the proxy, and what the audit log says."""

from __future__ import annotations

from collections.abc import Sequence

from kamalpy.cli.engine import Engine
from kamalpy.cli.looking import places
from kamalpy.cli.looking.fleet import Ask
from kamalpy.cli.looking.places import Place
from kamalpy.commands import audit as log
from kamalpy.commands import listing
from kamalpy.config import EVERY


def everything(engine: Engine) -> list[Ask]:
    """List the containers of all."""
    return [*proxy(engine), *app(engine), *accessories(engine, EVERY)]


def app(engine: Engine) -> list[Ask]:
    """List the app's containers that run."""
    found = places.by_host(engine, places.app_places(engine))
    return [
        Ask(each.host, listing.running(each.labels), heading(each, found), each.name)
        for each in found
    ]


def containers(engine: Engine) -> list[Ask]:
    """List all containers of the app, whatever their role."""
    config = engine.config
    labels = {"service": config.service, "destination": config.destination or ""}
    command = listing.containers(labels)
    return [Ask(host, command, f"App Host: {host}") for host in places.app_hosts(engine)]


def images(engine: Engine) -> list[Ask]:
    """List the app's images."""
    command = listing.images(engine.config.repository)
    return [Ask(host, command, f"App Host: {host}") for host in places.app_hosts(engine)]


def version(engine: Engine) -> list[Ask]:
    """Ask which version serves."""
    found = places.by_host(engine, places.app_places(engine))
    return [
        Ask(each.host, listing.version(each.where), heading(each, found), each.name)
        for each in found
    ]


def accessories(engine: Engine, name: str) -> list[Ask]:
    """List the container of an accessory, or those of all."""
    return [
        Ask(
            each.host,
            listing.running(each.labels),
            of_accessory(each),
            each.name,
        )
        for each in places.accessory_places(engine, name)
    ]


def proxy(engine: Engine) -> list[Ask]:
    """List the proxy's container."""
    command = listing.proxy()
    return [
        Ask(host, command, f"Proxy Host: {host}", "proxy") for host in places.proxy_hosts(engine)
    ]


def audit(engine: Engine, lines: int) -> list[Ask]:
    """Read the last lines of the audit log."""
    config = engine.config
    command = log.read(log.log_file(config.service, config.destination), lines)
    return [Ask(host, command, f"App Host: {host}") for host in engine.hosts]


def heading(place: Place, among: Sequence[Place]) -> str:
    """Say which host an answer comes from, and which role where that has several of them."""
    several = sum(1 for each in among if each.host == place.host) > 1
    return f"App Host: {place.host}{f', role {place.name}' if several else ''}"


def of_accessory(place: Place) -> str:
    """Say which accessory an answer comes from, and where that is."""
    return f"Accessory {place.name} Host: {place.host}"
