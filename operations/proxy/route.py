"""Which container a service's requests go to, unless it is in maintenance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kamalpy.commands import route as _route
from kamalpy.commands.base import proxy as _proxy
from kamalpy.commands.base import quoted
from kamalpy.commands.state_query import StateQuery
from kamalpy.facts.observe import forget
from kamalpy.operations import valid
from kamalpy.operations.app.release import check_conflict
from kamalpy.operations.argument_types import Proxy
from kamalpy.operations.base import Commands, engine, noop, operation, show
from kamalpy.operations.sections import proxy_section
from kamalpy.spec.change import Change
from kamalpy.spec.route import Route
from kamalpy.spec.state import HostState

_RUNNING, _PAUSED, _STOPPED = range(3)  # as the proxy's state file counts them


@operation()
def route(
    service: str, container: str, proxy: Proxy, deploy_timeout: int = 30, drain_timeout: int = 30
) -> Commands:
    """
    Route a service's requests to a running container.

    + service: name that the proxy knows the service by
    + container: name of the container
    + proxy: ``proxy`` as in deploy.yml
    + deploy_timeout: seconds that the proxy waits for the container's health
    + drain_timeout: seconds that requests to the old target may take

    **Example:**

    .. code:: python

        proxy.route(
            name="Search", service="blog-search", container="blog-search",
            proxy={"host": "search.example.com", "app_port": 7700},
        )
    """
    times = {"deploy_timeout": deploy_timeout, "drain_timeout": drain_timeout}
    yield from route_service(Route.from_section(proxy_section(proxy), service, **times), container)


def route_service(to: Route, container: str) -> Commands:
    """Send the requests of a route's service to a running container."""
    valid.container("service", to.service)
    valid.container("container", container)
    state = engine(StateQuery(services=(container,)))
    changes = _route_changes(check_conflict(to, state), container, state)
    if not changes:
        noop(f"the proxy sends {to.service} to {container}")
        return
    show(f"route {to.service}", changes)
    yield _route.to_container(to, container)
    forget()


@operation()
def unroute(service: str) -> Commands:
    """
    Remove the route of a service: its requests get 404.

    + service: name that the proxy knows the service by

    **Example:**

    .. code:: python

        proxy.unroute(name="Take search off", service="blog-search")
    """
    valid.container("service", service)
    if service not in engine(StateQuery()).routes:
        noop(f"the proxy knows no {service}")
        return
    yield _proxy("remove", quoted(service))
    forget()


@operation()
def maintenance(service: str, message: str = "", drain_timeout: int = 30) -> Commands:
    """
    Answer a service's requests with 503 and a message, across deploys, until ``proxy.live``.

    + service: name that the proxy knows the service by
    + message: text of the error page
    + drain_timeout: seconds that open requests may take

    **Example:**

    .. code:: python

        proxy.maintenance(name="Close the shop", service="shop-web", message="Back at noon")
    """
    valid.container("service", service)
    valid.text("message", message)
    pause = _pause(engine(StateQuery()), service)
    if (pause.get("state"), pause.get("stop_message")) == (_STOPPED, message):
        noop(f"{service} is in maintenance")
        return
    yield _proxy(
        "stop",
        quoted(service),
        f"--drain-timeout={int(drain_timeout)}s",
        "--message",
        quoted(message),
    )
    forget()


@operation()
def live(service: str) -> Commands:
    """
    End the maintenance of a service.

    + service: name that the proxy knows the service by

    **Example:**

    .. code:: python

        proxy.live(name="Open the shop", service="shop-web")
    """
    valid.container("service", service)
    if _pause(engine(StateQuery()), service).get("state") == _RUNNING:
        noop(f"{service} is live")
        return
    yield _proxy("resume", quoted(service))
    forget()


def _route_changes(to: Route, container: str, state: HostState) -> tuple[Change, ...]:
    entry, target = state.routes.get(to.service), state.container(container)
    if entry is None or target is None:
        return (Change("target", None, container),)
    return to.drift(entry, target.target)


def _pause(state: HostState, service: str) -> Mapping[str, Any]:
    return (state.routes.get(service) or {}).get("pause_controller") or {}
