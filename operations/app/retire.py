"""Committing a release: the old version goes."""

from __future__ import annotations

from collections.abc import Sequence

from kamalpy.commands.app import Retirement
from kamalpy.commands.audit import Event, log_file
from kamalpy.commands.state_query import StateQuery
from kamalpy.operations import valid
from kamalpy.operations.app.release import app_of, booted, container_of, release_of
from kamalpy.operations.base import Commands, engine, noop, operation
from kamalpy.spec.app import App
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
    with_roles: Sequence[str] = (),
    stop_timeout: int | None = None,
    prune: bool = True,
    record: str | None = None,
    back: bool = False,
    performer: str | None = None,
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
    + with_roles: further roles on this host that are committed in the same moment
    + stop_timeout: seconds that a container has to stop; by default the image's own
    + prune: remove what is too many; otherwise old containers and images stay
    + record: what this release is, for ``app.restore``, as `kamalpy.spec.record.Record` writes it
    + back: this release is one that ``app.restore`` has brought back
    + performer: who does it, for the audit log; None writes none
    + always: do it even if nothing seems to be to do

    From here on the release is not taken back any more, whatever happens. Kamal counts the
    containers of all roles and destinations together.

    **Example:**

    .. code:: python

        app.retire(name="Stop v1", service="blog", version="v2", image="acme/blog:v2")
    """
    app = app_of(service, role, destination)
    container = container_of(app, version)
    named = tuple(filter(None, (valid.image(image), latest and valid.image(latest, "latest"))))
    roles = tuple(valid.container("with_roles", each) for each in with_roles if each != role)
    state = engine(StateQuery(services=(service,), images=named))
    retain = retain_containers if prune else len(state.containers)
    if not always and _is_done(app, container, image, latest, retain, state):
        noop(f"{container} is the only version of {app.prefix} that runs")
        return
    release = booted(container) or release_of(app, container, state, False, stop_timeout)
    old = Retirement(
        app, version, image, latest, retain_containers, roles, record, back=back, prune=prune
    )
    log = log_file(service, destination) if performer else ""
    yield release.retire(old, Event("", log, performer or "", destination))


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
