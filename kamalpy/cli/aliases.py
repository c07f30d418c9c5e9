"""``aliases`` of deploy.yml."""

from __future__ import annotations

from kamalpy.cli.settings import Settings
from kamalpy.config import load
from kamalpy.errors import ConfigurationError


def alias(name: str, settings: Settings) -> str | None:
    """Find what an alias stands for; None without a configuration, or without that alias."""
    try:
        config = load(settings.config_file, destination=settings.destination)
    except ConfigurationError:
        return None
    return config.aliases.get(name)
