"""What was said before or after the command that runs."""

from __future__ import annotations

from dataclasses import dataclass

import click


@dataclass
class Settings:
    """The options that all commands share; whatever is said last counts."""

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
    dry: bool = False
    diff: bool = False
    json: bool = False
    no_color: bool = False
    ruby: bool = False
    allow_commands: bool = False
    command: str = ""
    """The command that runs, in full."""


def settings() -> Settings:
    """Return the settings of the command that runs."""
    return click.get_current_context().find_root().ensure_object(Settings)


def words() -> tuple[str, ...]:
    """Name the command that runs in full, however it was abbreviated: ``app``, ``boot``."""
    _, *path = click.get_current_context().command_path.split()
    return tuple(each.replace("-", "_") for each in path)
