"""Pull, tag and remove images."""

from __future__ import annotations

from collections.abc import Sequence

from pyinfra.api.command import StringCommand

from kamalpy.commands.audit import Event
from kamalpy.commands.base import docker, quoted, script


def pull(image: str, event: Event, remedy: str = "", digest: str | None = None) -> StringCommand:
    """
    Pull an image from its registry; ``remedy`` is printed on failure.

    With a ``digest`` that content is pulled and tagged with the image's name, whatever the tag
    refers to in the registry by now.
    """
    pinned = f"{_repository(image)}@{digest}" if digest and "@" not in image else ""
    return script("pull", image=image, pinned=pinned, remedy=remedy, **event.words)


def _repository(image: str) -> str:
    folder, slash, name = image.partition("@")[0].rpartition("/")
    return f"{folder}{slash}{name.partition(':')[0]}"


def tag(image: str, name: str) -> StringCommand:
    """Tag an image."""
    return docker("tag", quoted(image), quoted(name))


def remove(images: Sequence[str], event: Event) -> StringCommand:
    """Remove tags, and images without a tag."""
    return script("forget", *map(quoted, images), **event.words)
