"""What ``kamalpy doctor`` reads from a server."""

from __future__ import annotations

from pyinfra.api.command import StringCommand

from kamalpy.commands.audit import log_file
from kamalpy.commands.base import script


def doctor(service: str, destination: str | None = None, image: str = "") -> StringCommand:
    """Print what a deploy depends on, the last one, and an existing image's architecture."""
    return script("doctor", image=image, log=log_file(service, destination))
