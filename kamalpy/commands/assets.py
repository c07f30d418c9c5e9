"""Assets: folders on the host that are mounted over those of the image."""

from __future__ import annotations

from pyinfra.api.command import StringCommand

from kamalpy.commands.base import quoted, script
from kamalpy.spec.app import App


def extract(app: App, image: str, path: str, version: str, old: str | None) -> StringCommand:
    """Take an image's assets out and mix them with those of the version that runs."""
    words = (image, path.rstrip("/"), app.assets, app.role, version, old)
    return script("assets", *(quoted(word) for word in words))
