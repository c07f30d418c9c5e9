"""The deploy lock of a service, which Kamal and kamalpy share."""

from __future__ import annotations

import getpass
import os
import socket
from datetime import datetime, timezone

from kamalpy._pyinfra.execution import Again, AtOnce
from kamalpy.commands.lock import DEAD, HELD, Details, Lock
from kamalpy.commands.state_query import StateQuery
from kamalpy.facts.observe import observe
from kamalpy.operations import valid
from kamalpy.operations.base import Commands, noop, operation, progress

AUTOMATIC = "Automatic deploy lock"
"""Kamal's message of a lock that its deploy releases; no run waits for any other."""


@operation(is_idempotent=False)
def acquire(
    service: str,
    message: str,
    performer: str,
    token: str | None = None,
    version: str | None = None,
    destination: str | None = None,
    remedy: str = "lock.release()",
    wait: int = 0,
    interval: int = 15,
) -> Commands:
    """
    Take the deploy lock, or fail and report who holds it.

    + service: ``service`` in deploy.yml
    + message: the reason, shown to others who need the lock
    + performer: who takes it
    + token: any word that identifies this run; without one, the lock is held until it is released
      by hand
    + version: version that is deployed
    + destination: destination that is deployed to
    + remedy: how to take it from an owner who is gone, for the message
    + wait: seconds to wait for another deploy to end
    + interval: seconds between two attempts

    Call it on one host only, the primary one. The lock is Kamal's, so that either tool locks the
    other out; next to Kamal's details is a lease that shows whether its owner is still alive.

    **Example:**

    .. code:: python

        lock.acquire(
            name="Lock", service="blog", message="Nightly", performer="cron", token=uuid4().hex
        )
    """
    valid.service(service, destination)
    held = Details(
        performer=" ".join(valid.text("performer", performer).split()),
        version=valid.text("version", version or ""),
        message=valid.text("message", message),
        client=f"{getpass.getuser()}@{socket.gethostname()}, process {os.getpid()}",
        at=datetime.now(timezone.utc),
        remedy=valid.text("remedy", remedy),
        session=observe(StateQuery()).session if token else "",
    )
    acquire = Lock(service, destination).acquire(held, valid.text("token", token or ""))
    command = AtOnce([acquire], _note)
    yield Again(command, wait, interval, _hopeless) if wait > 0 else command


@operation()
def release(service: str, token: str | None = None, destination: str | None = None) -> Commands:
    """
    Release the deploy lock.

    + service: ``service`` in deploy.yml
    + token: only release what was taken with this token; by default regardless of its owner
    + destination: destination that was deployed to

    **Example:**

    .. code:: python

        lock.release(name="Unlock", service="blog")
    """
    valid.service(service, destination)
    held = Lock(service, destination)
    if token is None and observe(StateQuery(lock=held.folder)).lock is None:
        noop("there is no deploy lock")
        return
    yield held.release(token)


def _note(output: str) -> None:
    progress().is_lock_held = HELD in output


def _hopeless(output: str) -> str | None:
    if HELD not in output:
        return "Not waiting: the owner of the lock is unknown."
    if AUTOMATIC not in output:
        return "It was taken by hand, until an unknown time: not waiting for it."
    return "Not waiting for it." if DEAD in output else None
