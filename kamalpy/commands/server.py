"""Start Docker on a server."""

from __future__ import annotations

from pyinfra.api.command import StringCommand

from kamalpy.commands.base import quoted, script


def start_docker() -> StringCommand:
    """Start Docker's service by whatever starts services here, and wait for it to answer."""
    return script("start_docker")


def use_docker(user: str) -> StringCommand:
    """Add a user to Docker's group, from the next login on."""
    return StringCommand("usermod", "-aG", "docker", quoted(user))
