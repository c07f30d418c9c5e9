"""Stop an app, all of it or old versions only."""

from __future__ import annotations

from kamalpy.commands import container
from kamalpy.commands.audit import Event
from kamalpy.commands.state_query import StateQuery
from kamalpy.facts.observe import forget
from kamalpy.operations.app.release import checked_app
from kamalpy.operations.base import Commands, engine, noop, operation
from kamalpy.spec.app import App
from kamalpy.spec.audit import Audit
from kamalpy.spec.state import Container, HostState


@operation()
def stop(
    service: str,
    role: str = "web",
    destination: str | None = None,
    stop_timeout: int | None = None,
    audit: Audit | None = None,
) -> Commands:
    """
    Stop a role, and remove its route: requests get 404.

    + service: ``service`` in deploy.yml
    + role: name of the role
    + destination: destination, if there is one
    + stop_timeout: seconds that a container has to stop; by default the image's own
    + audit: records the change in the audit log; None records nothing

    **Example:**

    .. code:: python

        app.stop(name="Stop the jobs", service="blog", role="job")
    """
    app = checked_app(service, role, destination)
    state = engine(StateQuery(services=(service,)))
    running = [each.name for each in active_containers(app, state)]
    routed = app.prefix if app.prefix in state.routes else None
    if not running and not routed:
        noop(f"nothing of {app.prefix} runs")
        return
    event = Event.from_audit(audit, "Stopped app", role)
    yield container.stop(running, event, stop_timeout, routed)
    forget()


@operation()
def stale(
    service: str,
    role: str = "web",
    destination: str | None = None,
    latest: str | None = None,
    stop_timeout: int | None = None,
) -> Commands:
    """
    Stop all versions of a role but the one that serves.

    + service: ``service`` in deploy.yml
    + role: name of the role
    + destination: destination, if there is one
    + latest: name that the image of the version that serves has as the latest
    + stop_timeout: seconds that a container has to stop; by default the image's own

    **Example:**

    .. code:: python

        app.stale(name="Stop old versions", service="blog", latest="acme/blog:latest")
    """
    app = checked_app(service, role, destination)
    state = engine(StateQuery(services=(service,), images=(latest,) if latest else ()))
    old = [each.name for each in stale_containers(app, state, latest)]
    if not old:
        noop(f"no old version of {app.prefix} runs")
        return
    yield container.stop(old, Event(""), stop_timeout)
    forget()


def active_containers(app: App, state: HostState) -> list[Container]:
    """List the containers of a role that have not stopped, the newest first."""
    return [each for each in state.labelled(**app.labels) if each.is_active]


def serving_container(app: App, state: HostState, latest: str | None = None) -> Container | None:
    """
    Find the version that serves: the one the proxy routes to, or the newest of the latest image.

    Kamal does not consult the proxy.
    """
    running = active_containers(app, state)
    targets = (state.routes.get(app.prefix) or {}).get("active_targets") or ()
    ids = {target.rpartition(":")[0] for target in targets}
    image = state.image(latest) if latest else None
    routed = [each for each in running if each.target in ids]
    of_latest = [each for each in running if image is not None and each.image == image.id]
    return next(iter((*routed, *of_latest, *running)), None)


def stale_containers(app: App, state: HostState, latest: str | None = None) -> list[Container]:
    """List the versions that run next to the one that serves."""
    current = serving_container(app, state, latest)
    return [each for each in active_containers(app, state) if each is not current]
