"""Containers by name, whatever they run: accessories, the proxy."""

from __future__ import annotations

from kamalpy.commands import container as _container
from kamalpy.commands.audit import Event
from kamalpy.commands.state_query import StateQuery
from kamalpy.errors import ArgumentError
from kamalpy.facts.observe import forget
from kamalpy.operations import valid
from kamalpy.operations.base import Commands, engine, noop, operation
from kamalpy.spec.audit import Audit
from kamalpy.spec.state import Container


@operation()
def running(container: str, audit: Audit | None = None) -> Commands:
    """
    Ensure a container that exists is running.

    + container: its name, which is its label ``service`` as well, as accessories have it
    + audit: records the change in the audit log; None records nothing

    **Example:**

    .. code:: python

        container.running(name="Start Postgres", container="blog-postgres")
    """
    existing = _existing(container)
    if existing is None:
        raise ArgumentError(f"container: there is no {container} to start; boot it")
    if existing.status == "running":
        noop(f"{container} is running")
        return
    yield _container.start(container, Event.from_audit(audit, f"Started {container}"))
    forget()


@operation()
def stopped(
    container: str, stop_timeout: int | None = None, audit: Audit | None = None
) -> Commands:
    """
    Ensure a container is stopped.

    + container: its name, which is its label ``service`` as well, as accessories have it
    + stop_timeout: seconds it has to stop; by default the image's own
    + audit: records the change in the audit log; None records nothing

    **Example:**

    .. code:: python

        container.stopped(name="Stop Postgres", container="blog-postgres")
    """
    existing = _existing(container)
    if existing is None or not existing.is_active:
        noop(f"{container} does not run")
        return
    event = Event.from_audit(audit, f"Stopped {container}")
    yield _container.stop([container], event, stop_timeout)
    forget()


@operation(is_idempotent=False)
def restart(
    container: str, stop_timeout: int | None = None, audit: Audit | None = None
) -> Commands:
    """
    Stop a container and start it.

    + container: its name, which is its label ``service`` as well, as accessories have it
    + stop_timeout: seconds it has to stop; by default the image's own
    + audit: records the change in the audit log; None records nothing

    **Example:**

    .. code:: python

        container.restart(name="Restart Postgres", container="blog-postgres")
    """
    if _existing(container) is None:
        raise ArgumentError(f"container: there is no {container} to restart; boot it")
    event = Event.from_audit(audit, f"Restarted {container}")
    yield _container.restart(container, event, stop_timeout)
    forget()


@operation()
def absent(
    container: str,
    running: bool = True,
    stop_timeout: int | None = None,
    audit: Audit | None = None,
) -> Commands:
    """
    Ensure a container is absent; its volumes and directories stay.

    + container: its name, which is its label ``service`` as well, as accessories have it
    + running: remove it even if it is running; otherwise that is refused
    + stop_timeout: seconds it has to stop; by default the image's own
    + audit: records the change in the audit log; None records nothing

    **Example:**

    .. code:: python

        container.absent(name="Remove Postgres", container="blog-postgres")
    """
    existing = _existing(container)
    if existing is None:
        noop(f"{container} is not there")
        return
    if existing.is_active and not running:
        raise ArgumentError(f"container: {container} is running; stop it before it is removed")
    event = Event.from_audit(audit, f"Removed {container}")
    yield _container.remove([container], event, stop_timeout)
    forget()


def _existing(container: str) -> Container | None:
    state = engine(StateQuery(services=(valid.container("container", container),)))
    return state.container(container)
