"""Images: fetched, named, removed."""

from __future__ import annotations

from collections.abc import Sequence

from pyinfra.api.command import StringCommand

from kamalpy.commands.audit import Event
from kamalpy.commands.base import docker, quoted, script


def pull(image: str, event: Event, remedy: str = "") -> StringCommand:
    """Fetch an image from its registry; ``remedy`` is said if it cannot be had."""
    return script("pull", quoted(image), *event.words(), *([quoted(remedy)] if remedy else []))


def tag(image: str, name: str) -> StringCommand:
    """Give an image one more name."""
    return docker("tag", quoted(image), quoted(name))


def remove(images: Sequence[str], event: Event) -> StringCommand:
    """Take images' names away, and each image with its last name."""
    return script("forget", *event.words(), *map(quoted, images))
