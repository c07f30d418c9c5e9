"""Images: fetched, named, removed."""

from __future__ import annotations

from pyinfra.api.command import StringCommand

from kamalpy.commands.audit import Event
from kamalpy.commands.base import docker, quoted, script


def pull(image: str, event: Event) -> StringCommand:
    """Fetch an image from its registry."""
    return script("pull", quoted(image), *event.words())


def tag(image: str, name: str) -> StringCommand:
    """Give an image one more name."""
    return docker("tag", quoted(image), quoted(name))


def remove(image: str) -> StringCommand:
    """Take an image's name away, and the image with its last name."""
    return docker("image", "rm", "--force", quoted(image))
