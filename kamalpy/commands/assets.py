"""Assets: folders on the host that are mounted over those of the image."""

from __future__ import annotations

from pyinfra.api.command import StringCommand

from kamalpy.commands.base import script
from kamalpy.spec.app import App


def extract(app: App, image: str, path: str, version: str, old: str | None) -> StringCommand:
    """Take an image's assets out and mix them with those of the version that runs."""
    path, folder = path.rstrip("/"), app.assets
    return script(
        "assets", image=image, path=path, folder=folder, role=app.role, version=version, old=old
    )
