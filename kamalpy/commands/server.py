"""Bringing Docker up on a server."""

from __future__ import annotations

from pyinfra.api.command import StringCommand

from kamalpy.commands.base import quoted, script


def start_docker() -> StringCommand:
    """Start Docker's service by whatever starts services here, and wait for it to answer."""
    return script("start_docker")


def use_docker(user: str) -> StringCommand:
    """Put a user into the group that may use Docker; it counts from the next login on."""
    return StringCommand("usermod", "-aG", "docker", quoted(user))
