"""What the state of hosts shows: the lock, releases, stale containers, the proxy's boot config."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone

import click

from kamalpy.cli.engine import Engine
from kamalpy.cli.events import Heading, Printed, Release
from kamalpy.cli.queries import locations
from kamalpy.cli.queries.fleet import Fleet, Query
from kamalpy.cli.queries.locations import Location
from kamalpy.cli.table import table
from kamalpy.commands import listing
from kamalpy.commands.lock import Lock
from kamalpy.commands.state_query import StateQuery
from kamalpy.deploys.plan import read
from kamalpy.deploys.versions import versions_of
from kamalpy.operations.app.stop import stale_containers
from kamalpy.operations.proxy.container import VERSION
from kamalpy.reference.spelling import count
from kamalpy.spec.app import App
from kamalpy.spec.boot_config import BootConfig
from kamalpy.spec.history import Version
from kamalpy.spec.state import HostState
from kamalpy.spec.state import Lock as FoundLock

_SINCE = re.compile(r"\bat (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)")
_LIVES = {
    "alive": "at work",
    "silent": "silent for two minutes; its connection hangs, or it does",
    "dead": "dead: the connection it took the lock by is gone",
    "unknown": "unknown: taken by hand, or by Kamal",
}
_UNITS = ((60, "second"), (60, "minute"), (24, "hour"))


def lock(engine: Engine) -> int:
    """Show who holds the deploy lock, since when, whether they are alive, and how to take it."""
    config = engine.config
    with Fleet.reached(engine, engine.hosts) as fleet:
        project = fleet.project()
        query = StateQuery(lock=Lock(config.service, config.destination).folder)
        for host, state in read({project.leader: query}).items():
            lines: Iterable[str] = ["There is no deploy lock"]
            if state.lock is not None:
                now, remedy = datetime.now(timezone.utc), project.typed("lock release")
                lines = lock_report(state.lock, now, remedy)
            for line in lines:
                engine.output.show(Printed(line, host))
        return fleet.status


def releases(engine: Engine) -> int:
    """List the versions that servers have a record of, the latest first."""
    with Fleet.reached(engine, locations.app_hosts(engine)) as fleet:
        versions = versions_of(fleet.project()).versions
        for each in versions:
            engine.output.show(_release(each))
        if not engine.settings.json:
            for line in table([_row(each) for each in versions]).splitlines():
                engine.output.show(Printed(line))
        return fleet.status


def stale(engine: Engine) -> int:
    """List, host by host, versions that run next to the one that serves."""
    config, hosts = engine.config, locations.app_hosts(engine)
    query = StateQuery(services=(config.service,), images=(config.latest_image,))
    with Fleet.reached(engine, hosts) as fleet:
        states = read(dict.fromkeys(hosts, query))
        for each in locations.by_host(engine, locations.app_locations(engine)):
            if each.host in states:
                _show_stale(engine, each, states[each.host])
        return fleet.status


def boot_config(engine: Engine) -> int:
    """Print, host by host, how Kamal would run the proxy without proxy/run in deploy.yml."""
    hosts = locations.proxy_hosts(engine)
    with Fleet.reached(engine, hosts) as fleet:
        for host, lines in fleet.answers([Query(host, listing.boot_config()) for host in hosts]):
            pairs = (line.partition(" ") for line in lines)
            files = {name: text.strip() for name, _, text in pairs}
            click.echo(f"Host {host}: {BootConfig.from_files(files).words(VERSION)}")
        return fleet.status


def _show_stale(engine: Engine, location: Location, state: HostState) -> None:
    app = App(engine.config.service, location.name, engine.config.destination)
    old = stale_containers(app, state, engine.config.latest_image)
    if old:
        engine.output.show(Heading(f"App Host: {location.host}"))
    for container in old:
        version = container.name.removeprefix(f"{app.prefix}-")
        text = (
            f"Detected stale container for role {location.name} with version {version} "
            "(use `kamalpy app stale_containers --stop` to stop)"
        )
        engine.output.show(Printed(text, location.host, location.name))
    if old:
        engine.output.show(Heading(""))


def _release(version: Version) -> Release:
    return Release(
        *(version.name, version.at, version.who, version.digest, version.hosts),
        *(version.runs, version.missing),
    )


def _row(version: Version) -> dict[str, object]:
    possible = "possible" if version.is_possible else f"impossible: {'; '.join(version.missing)}"
    return {
        "version": version.name,
        "since": f"{version.at[:19]}Z",
        "by": version.who,
        "image": (version.digest or "").rpartition("sha256:")[2][:12],
        "hosts": version.hosts,
        "rollback": "serves" if version.runs else possible,
    }


def lock_report(lock: FoundLock, now: datetime, remedy: str) -> Iterator[str]:
    """List Kamal's details of a lock, its age, and whether its owner is alive."""
    yield from (line for line in lock.details.splitlines() if line.strip())
    since = _SINCE.search(lock.details)
    if since:
        at = datetime.strptime(since[1], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
        yield f"Age: {age((now - at).total_seconds())}"
    yield f"Owner: {_LIVES.get(lock.owner, lock.owner)}"
    if lock.owner != "alive":
        yield f"If nobody deploys any more, take it: {remedy}"


def age(seconds: float) -> str:
    """Return a duration in its largest unit."""
    amount = max(int(seconds), 0)
    for size, unit in _UNITS:
        if amount < size:
            return count(amount, unit)
        amount //= size
    return count(amount, "day")
