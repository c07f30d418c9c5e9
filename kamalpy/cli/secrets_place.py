"""Which secrets a command line means, whatever else is wrong with deploy.yml."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from kamalpy.cli.settings import Settings
from kamalpy.config import files
from kamalpy.config.load import unchecked
from kamalpy.secrets import Secrets

_DEFAULT = ".kamal/secrets"


def secrets_of(settings: Settings) -> Secrets:
    """Find the secrets of a destination; neither deploy.yml nor its own file must be there."""
    path, environ = _said(settings)
    return Secrets(path, destination=settings.destination, environ=environ)


def _said(settings: Settings) -> tuple[str, Mapping[str, str]]:
    root, path, destination = Path.cwd(), settings.config_file, settings.destination
    if not _is_there(root, path):
        return _DEFAULT, os.environ
    if destination and not _is_there(root, files.destination_file(path, destination)):
        destination = None
    read, environ = unchecked(
        path,
        destination=destination,
        allow_ruby=settings.ruby,
        allow_commands=settings.allow_commands,
    )
    return str(read.get("secrets_path") or _DEFAULT), environ


def _is_there(root: Path, name: str) -> bool:
    return any(files.is_there(root / each) for each in (name, name + files.JINJA))
