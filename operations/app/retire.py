"""What goes when a release is committed: old containers, their images, assets and error pages."""

from __future__ import annotations

from kamalpy.commands.app import Memory, Retirement
from kamalpy.commands.audit import Event
from kamalpy.commands.state_query import StateQuery
from kamalpy.operations import valid
from kamalpy.operations.app.release import (
    app_of,
    booted,
    container_of,
    is_committed,
    release_of,
)
from kamalpy.operations.base import Commands, engine, noop, operation
from kamalpy.spec.app import App
from kamalpy.spec.audit import Audit
from kamalpy.spec.state import HostState

_STOPPED = ("created", "exited", "dead")


@operation()
def retire(
    service: str,
    version: str,
    image: str,
    role: str = "web",
    destination: str | None = None,
    latest: str | None = None,
    retain_containers: int = 5,
    stop_timeout: int | None = None,
    prune: bool = True,
    audit: Audit | None = None,
    always: bool = False,
) -> Commands:
    """
    Stop every other version of a role, call the image the latest, and keep so many old ones.

    + service: ``service`` in deploy.yml
    + version: version that serves now
    + image: its image
    + role: name of the role
    + destination: destination, if there is one
    + latest: name that the image gets as the latest, ``acme/blog:latest``
    + retain_containers: stopped containers of this role and destination to keep for a rollback
    + stop_timeout: seconds that a container has to stop; by default the image's own
    + prune: remove what is too many; otherwise old containers and images stay
    + audit: records the change in the audit log; None records nothing
    + always: do it even if nothing seems to be to do

    What this run has booted and ``app.commit`` has not committed is committed first. Kamal counts
    the containers of all roles and destinations together.

    **Example:**

    .. code:: python

        app.retire(
            name="Stop v1", service="blog", version="v2", image="acme/blog:v2",
            _if=smoke_test.did_succeed,
        )
    """
    app = app_of(service, role, destination)
    container = container_of(app, version)
    named = tuple(filter(None, (valid.image(image), latest and valid.image(latest, "latest"))))
    state = engine(StateQuery(services=(service,), images=named))
    retain = retain_containers if prune else len(state.containers)
    if not always and _is_done(app, container, image, latest, retain, state):
        noop(f"{container} is the only version of {app.prefix} that runs")
        return
    release = booted(container) or release_of(app, container, state, False, stop_timeout)
    if release is booted(container) and not is_committed(release):
        yield release.commit(Memory(app, version, image), [release.marker])
    old = Retirement(app, version, image, latest, retain_containers, prune)
    yield release.retire(old, Event.from_audit(audit, "Pruned containers"))


def _is_done(
    app: App, container: str, image: str, latest: str | None, retain: int, state: HostState
) -> bool:
    there = state.container(container)
    if there is None or not there.is_running:
        return False  # it is going to be booted, or there is something to be said about that
    others = [each for each in state.labelled(**app.labels) if each.name != container]
    running = [each for each in others if each.status not in _STOPPED]
    tagged = state.image(latest) == state.image(image) if latest else True
    return not running and tagged and len(others) - len(running) <= retain
