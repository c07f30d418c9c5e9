"""One at a time: whoever makes or removes servers keeps all others away."""

from __future__ import annotations

import fcntl
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from fleet.errors import FleetError
from fleet.settings import Settings


@contextmanager
def held(settings: Settings) -> Iterator[None]:
    """Hold the fleet; the kernel lets go when the process ends, however it ends."""
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
    """Wait until nobody else is here; for a short time only."""
    settings.directory.parent.mkdir(parents=True, exist_ok=True)
    with settings.directory.with_name(f"{settings.directory.name}.queue").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
