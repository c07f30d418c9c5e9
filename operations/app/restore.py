"""Boot an earlier version as it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pyinfra.context import host

from kamalpy.commands.app import Times
from kamalpy.commands.state_query import StateQuery
from kamalpy.config.proxy import ProxySection
from kamalpy.errors import ArgumentError
from kamalpy.operations.app.release import (
    Startup,
    add_booted,
    checked_app,
    container_name,
    new_release,
    role_route,
)
from kamalpy.operations.argument_types import Health, Proxy
from kamalpy.operations.base import Commands, engine, noop, operation, show
from kamalpy.operations.host_variables import completed
from kamalpy.spec.app import App
from kamalpy.spec.audit import Audit
from kamalpy.spec.change import SECRET, Change
from kamalpy.spec.record import Record
from kamalpy.spec.route import Route
from kamalpy.spec.state import Container, HostState


@operation()
def restore(
    service: str,
    version: str,
    role: str = "web",
    destination: str | None = None,
    proxy: Proxy | ProxySection | None = None,
    health: Health | None = None,
    deploy_timeout: int = 30,
    readiness_delay: int = 7,
    stop_timeout: int | None = None,
    wait: int = 0,
    audit: Audit | None = None,
) -> Commands:
    """
    Run a version again as it was deployed, and wait until it is healthy.

    + service: ``service`` in deploy.yml
    + version: version that this host has served before
    + role: name of the role
    + destination: destination, if there is one
    + proxy: ``proxy`` as in deploy.yml, for a version of which the host has no record
    + health: ``host`` and ``port`` of the proxy's health check, likewise
    + deploy_timeout: seconds until it must be healthy, likewise
    + readiness_delay: seconds it must run without a restart, likewise
    + stop_timeout: seconds it has to stop if it is reverted, likewise
    + wait: seconds to wait before it begins
    + audit: records the change in the audit log; None records nothing

    Environment, secrets, options and image are those of that release, whatever deploy.yml has
    today. One that ``app.commit`` has recorded gets a new container; of one that Kamal has
    deployed the old container is started again. As after ``app.boot``, nothing is routed to it yet.

    **Example:**

    .. code:: python

        app.restore(name="Back to v1", service="blog", version="v1", proxy={"app_port": 3000})
    """
    app = checked_app(service, role, destination)
    startup = Startup(
        app=app,
        version=version,
        probe=None if proxy is None else role_route(app, version, proxy, health),
        times=Times(deploy_timeout, readiness_delay, wait),
        stop=stop_timeout,
        audit=audit,
    )
    yield from restore_container(startup)


def restore_container(startup: Startup) -> Commands:
    """Boot a version as it was; ``startup`` counts where the host has no record of it."""
    app, times = startup.app, startup.times
    name = container_name(app, startup.version)
    state = engine(StateQuery(services=(app.service,), releases=(app.releases,)))
    existing, record = state.container(name), _record(state, app, startup.version)
    if existing is not None and existing.is_running:
        noop(f"container {name} is running")
        return
    if existing is None and record is None:
        raise ArgumentError(
            f"{startup.version}: {host.name} has neither a container nor a record of {name}; "
            "deploy it"
        )
    if record is None:
        show(app.prefix, _changes(app, name, None, state))
        probe = startup.probe
        release = new_release(app, name, state, probe is not None, startup.stop, starts=True)
        add_booted(release)
        yield release.start(probe, startup.event, times)
        return
    record = replace(record, container=completed(record.container))
    show(app.prefix, _changes(app, name, record, state))
    release = new_release(app, name, state, record.probe is not None, record.stop)
    add_booted(release)
    spec = record.spec(f"{app.release(startup.version)}/env")
    times = Times(record.timeout, record.delay, times.wait)
    yield release.boot(spec, record.probe, startup.event, times)


def route_back(state: HostState, app: App, version: str, error_pages: str | None) -> Route | None:
    """Return the recorded route of a version, if there is one."""
    record = _record(state, app, version)
    return record.route_with(error_pages) if record else None


def _record(state: HostState, app: App, version: str) -> Record | None:
    release = state.release(app.role, version)
    return Record.from_text(release.record) if release else None


def _changes(app: App, name: str, record: Record | None, state: HostState) -> Iterator[Change]:
    """List what is going to change, secrets by name only."""
    serving = next((each for each in state.labelled(**app.labels) if each.is_running), None)
    yield Change("container", serving.name if serving else None, name)
    if serving is None or record is None:
        return
    secret = {f"env/{each}" for each in (*record.secrets, *serving.hidden)}
    for change in record.container.drift(serving, state):
        if change.field not in secret and not change.field.startswith("env/KAMAL_"):
            yield change
    existing = state.container(name)
    for each in sorted(record.secrets) if existing else ():
        if existing and _digest(existing, each) != _digest(serving, each):
            yield Change(f"env/{each}", SECRET, SECRET)


def _digest(container: Container, name: str) -> str | None:
    return container.hidden.get(name)
