"""Remove what an app has left: stopped containers, unused images."""

from __future__ import annotations

from collections.abc import Sequence

from pyinfra.api.command import StringCommand

from kamalpy.commands.audit import Event
from kamalpy.commands.base import quoted, script


def containers(ids: Sequence[str], event: Event) -> StringCommand:
    """Remove stopped containers, except those that run again by now."""
    return script("prune_containers", *map(quoted, ids), **event.words)


def images(references: Sequence[str], event: Event) -> StringCommand:
    """Remove tags of images, and images without a tag, except those in use."""
    return script("prune_images", *map(quoted, references), **event.words)
