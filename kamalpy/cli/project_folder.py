"""The project's folder: the current one, or one above it that holds config/deploy.yml."""

from __future__ import annotations

import os
from pathlib import Path

import click

from kamalpy.cli.settings import Settings
from kamalpy.config import files


def enter(settings: Settings) -> None:
    """Change to the nearest folder above that has the file, unless this one has it."""
    name = settings.config_file
    if Path(name).is_absolute() or is_project(Path.cwd(), name):
        return
    for folder in Path.cwd().parents:
        if is_project(folder, name):
            os.chdir(folder)
            if not settings.quiet:
                click.echo(f"Using {folder / name}", err=True)
            return


def is_project(folder: Path, name: str) -> bool:
    """Tell whether a folder holds the file, as YAML or as a template of it."""
    return any(files.is_there(folder / each) for each in (name, name + files.JINJA))
