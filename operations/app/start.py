"""Start an app that was stopped."""

from __future__ import annotations

from pyinfra.context import host

from kamalpy.commands import container
from kamalpy.commands.audit import Event
from kamalpy.commands.state_query import StateQuery
from kamalpy.config.proxy import ProxySection
from kamalpy.errors import ArgumentError
from kamalpy.facts.observe import forget
from kamalpy.operations.app.release import checked_app, container_name, role_route
from kamalpy.operations.app.restore import route_back
from kamalpy.operations.app.stop import serving_container
from kamalpy.operations.argument_types import Health, Proxy
from kamalpy.operations.base import Commands, engine, noop, operation
from kamalpy.spec.app import App
from kamalpy.spec.audit import Audit
from kamalpy.spec.route import Route
from kamalpy.spec.state import Container, HostState


@operation()
def start(
    service: str,
    role: str = "web",
    destination: str | None = None,
    version: str | None = None,
    proxy: Proxy | ProxySection | None = None,
    health: Health | None = None,
    error_pages: bool = False,
    deploy_timeout: int = 30,
    drain_timeout: int = 30,
    audit: Audit | None = None,
) -> Commands:
    """
    Start a role that was stopped, and send requests to it.

    + service: ``service`` in deploy.yml
    + role: name of the role
    + destination: destination, if there is one
    + version: version to start; by default the one that ran last
    + proxy: ``proxy`` as in deploy.yml, where the host has no record of its route
    + health: ``host`` and ``port`` of the health check, which deploy.yml cannot express
    + error_pages: serve the pages that ``proxy.config`` has put there for this version
    + deploy_timeout: seconds that the proxy waits for the container's health
    + drain_timeout: seconds that requests may take
    + audit: records the change in the audit log; None records nothing

    Kamal starts the version of the git commit, whatever ran before.

    **Example:**

    .. code:: python

        app.start(name="Start the jobs", service="blog", role="job")
    """
    app = checked_app(service, role, destination)
    name = container_name(app, version) if version else None
    state = engine(StateQuery(services=(service,), releases=(app.releases,)))
    existing = _chosen(app, name, state)
    ran = existing.name.removeprefix(f"{app.prefix}-")
    route = None
    if proxy is not None:
        timeouts = {"deploy_timeout": deploy_timeout, "drain_timeout": drain_timeout}
        route = role_route(app, ran, proxy, health, error_pages, **timeouts)
        route = route_back(state, app, ran, route.error_pages) or route
    if existing.status == "running" and (route is None or _points_to(route, existing, state)):
        noop(f"{existing.name} is running")
        return
    event = Event.from_audit(audit, f"Started app version {ran}")
    yield container.start(existing.name, event, route)
    forget()


def _chosen(app: App, name: str | None, state: HostState) -> Container:
    of_role = sorted(state.labelled(**app.labels), key=lambda each: each.started, reverse=True)
    if name is not None:
        found = next((each for each in of_role if each.name == name), None)
    else:
        found = serving_container(app, state) or next(iter(of_role), None)
    if found is None:
        raise ArgumentError(
            f"{host.name} has no container {name or f'of {app.prefix}'} to start; deploy instead"
        )
    return found


def _points_to(route: Route, existing: Container, state: HostState) -> bool:
    entry = state.routes.get(route.service)
    targets = (entry or {}).get("active_targets") or ()
    return any(target.rpartition(":")[0] == existing.target for target in targets)
