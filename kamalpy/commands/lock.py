"""Kamal's deploy lock: a folder on the primary host, with the details of who holds it."""

from __future__ import annotations

import base64
import textwrap
from dataclasses import dataclass
from datetime import datetime, timezone

from pyinfra.api.command import StringCommand

from kamalpy.commands.base import script

DEAD = "That run is dead"
"""How ``acquire`` begins to tell that who holds the lock is gone."""
HELD = "The deploy lock is held"
"""How ``acquire`` begins to tell that somebody holds the lock."""


@dataclass(frozen=True, slots=True)
class Details:
    """
    What the lock says of whoever holds it, in Kamal's words.

    ``client`` is where they sit, ``remedy`` what somebody else is told who needs the lock,
    ``session`` the process that serves their connection.
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
        """Take it, or say who holds it and whether that run still lives."""
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
        """Say that its owner lives, and by which connection."""
        return script("beat", lock=self.folder, token=token)

    def release(self, token: str | None = None) -> StringCommand:
        """Give it back; with no token, whoever holds it."""
        return script("release", lock=self.folder, token=token)
