"""Sources of volumes: below the SSH user's home, or with variables of the server."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kamalpy.config import host_variables

_HOME = re.compile(r"(?:~|\$HOME|\$\{HOME\}|\$PWD|\$\{PWD\}|\.)(?=/|:|$)")


def absolute(volume: str, home: str) -> str:
    """Put the SSH user's home where a volume's source begins with ``~``, ``$PWD`` or ``./``."""
    below = below_home(volume)
    return volume if below is None else f"{home}{below}"


def below_home(volume: str) -> str | None:
    """Return what follows the SSH user's home in a source below it; None for any other source."""
    found = _HOME.match(volume)
    if found:
        return volume[found.end() :]
    source = volume.split(":", 1)[0]
    return f"/{volume}" if "/" in source and not source.startswith("/") else None


def variables(volume: str) -> tuple[str, ...]:
    """List the variables of the server in a volume, but for its home."""
    return host_variables.names(paths=[volume[_end_of_home(volume) :]])


def expand(volume: str, values: Mapping[str, str]) -> str:
    """Put their values in."""
    end = _end_of_home(volume)
    return volume[:end] + host_variables.expand(volume[end:], values, "volumes", path=True)


def _end_of_home(volume: str) -> int:
    found = _HOME.match(volume)
    return found.end() if found else 0
