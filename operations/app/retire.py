"""Remove what a committed release replaces: old containers, images, assets, error pages."""

from __future__ import annotations

from kamalpy.commands.app import Commit, Retirement
from kamalpy.commands.audit import Event
from kamalpy.commands.state_query import StateQuery
from kamalpy.operations import valid
from kamalpy.operations.app.release import (
    booted_release,
    checked_app,
    container_name,
    is_committed,
    new_release,
)
from kamalpy.operations.base import Commands, engine, noop, operation
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
    Stop all other versions of a role, tag its image as the latest, and keep some old containers.

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
    + always: do it even if nothing has to be done

    What this run has booted and ``app.commit`` has not committed is committed first. Kamal counts
    the containers of all roles and destinations together.

    **Example:**

    .. code:: python

        app.retire(
            name="Stop v1", service="blog", version="v2", image="acme/blog:v2",
            _if=smoke_test.did_succeed,
        )
    """
    app = checked_app(service, role, destination)
    old = Retirement(app, version, image, latest, retain_containers, prune)
    yield from retire_versions(old, stop_timeout, audit, always)


def retire_versions(
    old: Retirement,
    stop_timeout: int | None = None,
    audit: Audit | None = None,
    always: bool = False,
) -> Commands:
    """Stop old versions; the arguments are those of ``app.retire``."""
    container = container_name(old.app, old.version)
    named = (valid.image(old.image), *([valid.image(old.latest, "latest")] if old.latest else ()))
    state = engine(StateQuery(services=(old.app.service,), images=named))
    if not always and _is_done(old, state):
        noop(f"{container} is the only version of {old.app.prefix} that runs")
        return
    release = booted_release(container) or new_release(
        old.app, container, state, False, stop_timeout
    )
    if release is booted_release(container) and not is_committed(release):
        yield release.commit(Commit(old.app, old.version, old.image), [release.marker])
    yield release.retire(old, Event.from_audit(audit, "Pruned containers"))


def _is_done(old: Retirement, state: HostState) -> bool:
    container = old.app.container(old.version)
    existing = state.container(container)
    if existing is None or not existing.is_running:
        return False  # it is going to be booted, or the script reports that it is missing
    others = [each for each in state.labelled(**old.app.labels) if each.name != container]
    running = [each for each in others if each.status not in _STOPPED]
    tagged = state.image(old.latest) == state.image(old.image) if old.latest else True
    retain = old.retain if old.prune else len(state.containers)
    return not running and tagged and len(others) - len(running) <= retain
