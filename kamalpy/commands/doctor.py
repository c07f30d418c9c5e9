"""What ``kamalpy doctor`` reads from a server."""

from __future__ import annotations

from pyinfra.api.command import StringCommand

from kamalpy.commands.base import quoted, script


def doctor(image: str = "") -> StringCommand:
    """Print what a first deploy depends on, and the architecture of an image that is there."""
    return script("doctor", quoted(image))
