"""Docker networks."""

from __future__ import annotations

from pyinfra.api.command import StringCommand

from kamalpy.commands.base import docker, quoted


def create(network: str) -> StringCommand:
    """Create a bridge network."""
    return docker("network", "create", quoted(network))


def remove(network: str) -> StringCommand:
    """Remove a network."""
    return docker("network", "rm", quoted(network))
