"""Which container a service's requests go to."""

from __future__ import annotations

from kamalpy.commands import route as _route
from kamalpy.commands.base import proxy as _proxy
from kamalpy.commands.base import quoted
from kamalpy.commands.state_query import StateQuery
from kamalpy.facts.observe import forget
from kamalpy.operations import valid
from kamalpy.operations.argument_types import Proxy
from kamalpy.operations.base import Commands, engine, noop, operation, show
from kamalpy.operations.route_conflict import check_conflict
from kamalpy.operations.sections import proxy_of
from kamalpy.spec.change import Change
from kamalpy.spec.route import Route
from kamalpy.spec.state import HostState


@operation()
def route(
    service: str,
    container: str,
    proxy: Proxy,
    deploy_timeout: int = 30,
    drain_timeout: int = 30,
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
    yield from route_service(Route.from_section(proxy_of(proxy), service, **times), container)


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


def _route_changes(to: Route, container: str, state: HostState) -> tuple[Change, ...]:
    entry, target = state.routes.get(to.service), state.container(container)
    if entry is None or target is None:
        return (Change("target", None, container),)
    return to.drift(entry, target.target)
