"""What Kamal 1 has left on a host."""

from __future__ import annotations

from collections.abc import Sequence

from pyinfra.api.command import StringCommand

from kamalpy.commands.base import quoted, script


def leftovers(service: str, folder: str, paths: Sequence[str]) -> StringCommand:
    """Print Traefik's containers, those of health checks, and files of old."""
    return script("kamal1", *map(quoted, paths), service=service, folder=folder)
