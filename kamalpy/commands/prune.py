"""What an app has left behind: containers that stopped, images that nobody runs."""

from __future__ import annotations

from collections.abc import Sequence

from pyinfra.api.command import StringCommand

from kamalpy.commands.audit import Event
from kamalpy.commands.base import quoted, script


def containers(ids: Sequence[str], event: Event) -> StringCommand:
    """Remove containers that have stopped; one that runs again by now stays."""
    return script("prune_containers", *map(quoted, ids), **event.words)


def images(references: Sequence[str], event: Event) -> StringCommand:
    """Remove names of images, and each image with its last name; what is in use stays."""
    return script("prune_images", *map(quoted, references), **event.words)
