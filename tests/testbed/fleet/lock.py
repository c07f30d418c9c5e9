"""A lock, so that servers are made and removed by one process at a time."""

from __future__ import annotations

import fcntl
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from fleet.errors import FleetError
from fleet.settings import Settings


@contextmanager
def held(settings: Settings) -> Iterator[None]:
    """Lock the fleet; the kernel releases the lock when the process ends."""
    with socket.socket(socket.AF_UNIX) as lock:
        try:
            lock.bind(f"\0{settings.prefix}:{settings.directory}")
        except OSError as problem:
            raise FleetError(
                f"another program is at work on the fleet in {settings.directory}; wait for it, or "
                "set KAMALPY_FLEET_DIR and KAMALPY_FLEET_SUBNET to have a fleet of your own"
            ) from problem
        yield


@contextmanager
def queued(settings: Settings) -> Iterator[None]:
    """Wait until the lock is free, for a short time only."""
    settings.directory.parent.mkdir(parents=True, exist_ok=True)
    with settings.directory.with_name(f"{settings.directory.name}.queue").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
