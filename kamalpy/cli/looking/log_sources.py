"""Whose log lines are asked for."""

from __future__ import annotations

from kamalpy.cli.engine import Engine
from kamalpy.cli.looking import places
from kamalpy.cli.looking.logs import Source
from kamalpy.commands.execution import Where

PROXY = "kamal-proxy"


def app(engine: Engine, container: str | None = None) -> list[Source]:
    """Give the container of each role that serves, or the one that is named."""
    if container is not None:
        where = Where(container, container=container)
        return [Source(host, where) for host in places.app_hosts(engine)]
    found = places.app_places(engine, engine.settings.version)
    return [Source(each.host, each.where, each.name) for each in found]


def accessory(engine: Engine, name: str) -> list[Source]:
    """Give the container of an accessory, or those of all."""
    found = places.accessory_places(engine, name)
    return [Source(each.host, each.where, each.name) for each in found]


def proxy(engine: Engine) -> list[Source]:
    """Give the proxies."""
    where = Where(PROXY, container=PROXY)
    return [Source(host, where, "proxy") for host in places.proxy_hosts(engine)]
