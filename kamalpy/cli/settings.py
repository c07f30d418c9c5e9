"""The options given before or after the command that runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from kamalpy.config import Configuration


@dataclass
class Settings:
    """The options that all commands share; the last value counts."""

    config_file: str = "config/deploy.yml"
    destination: str | None = None
    version: str | None = None
    hosts: str | None = None
    roles: str | None = None
    primary: bool = False
    verbose: int = 0
    quiet: bool = False
    skip_hooks: bool = False
    lock_wait: bool = False
    lock_wait_timeout: int = 900
    lock_wait_interval: int = 15
    connect_timeout: int | None = None
    dry: bool = False
    diff: bool = False
    json: bool = False
    no_color: bool = False
    ruby: bool = False
    allow_commands: bool = False
    command: str = ""
    """The full name of the command that runs."""

    def load(self) -> Configuration:
        """Read the configuration that these options select."""
        from kamalpy.config import load

        return load(
            self.config_file,
            destination=self.destination,
            version=self.version,
            root=Path.cwd(),
            allow_ruby=self.ruby,
            allow_commands=self.allow_commands,
        )


@dataclass(frozen=True)
class Building:
    """How the image gets into the registry before a command of servers begins."""

    skip_push: bool = False
    no_cache: bool = False
    only_missing: bool = True


def settings() -> Settings:
    """Return the settings of the command that runs."""
    return click.get_current_context().find_root().ensure_object(Settings)


def words() -> tuple[str, ...]:
    """Return the full name of the command that runs, also if abbreviated: ``app``, ``boot``."""
    _, *path = click.get_current_context().command_path.split()
    return tuple(each.replace("-", "_") for each in path)
