"""Kamal's deploy lock: a folder on the primary host, with details of its owner."""

from __future__ import annotations

import base64
import textwrap
from dataclasses import dataclass
from datetime import datetime, timezone

from pyinfra.api.command import StringCommand

from kamalpy.commands.base import script

DEAD = "That run is dead"
"""What ``acquire`` prints where the owner of the lock is gone."""
HELD = "The deploy lock is held"
"""What ``acquire`` prints where the lock is held."""


@dataclass(frozen=True, slots=True)
class Details:
    """
    The details of the owner of a lock, in Kamal's words.

    ``client`` is the user and machine, ``remedy`` how others can release the lock, ``session`` the
    process that serves the owner's connection.
    """

    performer: str
    version: str
    message: str
    client: str
    at: datetime
    remedy: str = ""
    session: str = ""

    def __str__(self) -> str:
        at = self.at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        return (
            f"Locked by: {self.performer} at {at}\nVersion: {self.version}\nMessage: {self.message}"
        )


@dataclass(frozen=True, slots=True)
class Lock:
    """The lock of a service and destination."""

    service: str
    destination: str | None = None

    @property
    def folder(self) -> str:
        """Name the folder that is the lock, below the SSH user's home."""
        return f".kamal/lock-{'-'.join(filter(None, (self.service, self.destination)))}"

    def acquire(self, held: Details, token: str) -> StringCommand:
        """Take it, or report its owner and whether that run is alive."""
        encoded = base64.b64encode(str(held).encode()).decode()
        wrapped = "\n".join(textwrap.wrap(encoded, 60))  # as Ruby's encode64 does
        return script(
            "acquire",
            lock=self.folder,
            details=wrapped,
            token=token,
            client=held.client,
            remedy=held.remedy,
            connection=held.session,
        )

    def beat(self, token: str) -> StringCommand:
        """Renew its lease, and write the current connection into it."""
        return script("beat", lock=self.folder, token=token)

    def release(self, token: str | None = None) -> StringCommand:
        """Release it; with no token, regardless of its owner."""
        return script("release", lock=self.folder, token=token)
