"""Route requests to a version that has been booted."""

from __future__ import annotations

from kamalpy.commands.state_query import StateQuery
from kamalpy.operations.app.release import (
    booted_release,
    check_conflict,
    checked_app,
    container_name,
    new_release,
    role_route,
)
from kamalpy.operations.app.restore import route_back
from kamalpy.operations.argument_types import Health, Proxy
from kamalpy.operations.base import Commands, engine, noop, operation, show
from kamalpy.spec.app import App
from kamalpy.spec.change import Change
from kamalpy.spec.route import Route
from kamalpy.spec.state import HostState


@operation()
def switch(
    service: str,
    version: str,
    proxy: Proxy,
    role: str = "web",
    destination: str | None = None,
    health: Health | None = None,
    error_pages: bool = False,
    deploy_timeout: int = 30,
    drain_timeout: int = 30,
    back: bool = False,
    always: bool = False,
) -> Commands:
    """
    Point the proxy at the container of a version, and let the old one finish its requests.

    + service: ``service`` in deploy.yml
    + version: version whose container runs
    + proxy: ``proxy`` as in deploy.yml
    + role: name of the role
    + destination: destination, if there is one
    + health: ``host`` and ``port`` of the health check, which deploy.yml cannot express
    + error_pages: serve the pages that ``proxy.config`` has put there for this version
    + deploy_timeout: seconds that the proxy waits for the container's health
    + drain_timeout: seconds that requests to the old container may take
    + back: the version is one that ``app.restore`` has booted: use its route of then, if the
      host has a record
    + always: do it even if the route is up to date

    The proxy checks the container's health first; if that fails, the old route stays.

    **Example:**

    .. code:: python

        app.switch(
            name="Serve v2", service="blog", version="v2", proxy={"host": "blog.example.com"}
        )
    """
    app = checked_app(service, role, destination)
    timeouts = {"deploy_timeout": deploy_timeout, "drain_timeout": drain_timeout}
    route = role_route(app, version, proxy, health, error_pages, **timeouts)
    yield from switch_route(app, version, route, back, always)


def switch_route(
    app: App, version: str, route: Route, back: bool = False, always: bool = False
) -> Commands:
    """Switch to a version by a route; the arguments are those of ``app.switch``."""
    container = container_name(app, version)
    state = engine(StateQuery(services=(app.service,), releases=(app.releases,) if back else ()))
    if back:
        route = route_back(state, app, version, route.error_pages) or route
    changes = _changes(check_conflict(route, state), container, state)
    if not changes and not always:
        noop(f"the proxy sends {app.prefix} to {container}")
        return
    show(f"route {app.prefix}", changes)
    release = booted_release(container) or new_release(app, container, state, True, None)
    yield release.switch(route)


def _changes(route: Route, container: str, state: HostState) -> tuple[Change, ...]:
    entry, target = state.routes.get(route.service), state.container(container)
    if entry is None:
        return (Change("target", None, container),)
    return tuple(
        Change("target", _named(each.was, state), container) if each.field == "target" else each
        for each in route.drift(entry, target.target if target else container)
    )


def _named(targets: str | None, state: HostState) -> str | None:
    """Name the containers of targets, which the proxy knows by their ids."""
    names = {each.target: each.name for each in state.containers}
    ids = (each.rpartition(":")[0] for each in (targets or "").split(",") if each)
    return ",".join(names.get(each, each) for each in ids) or None
