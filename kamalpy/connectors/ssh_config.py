"""``ssh.config``: which OpenSSH configuration is read."""

from __future__ import annotations

import atexit
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from kamalpy._pyinfra.connection import get_ssh_config


def file_for(config: bool | str | Sequence[str] | None) -> str | None:
    """Return the one file that pyinfra reads; None for the user's own."""
    if config is None or config is True:
        return None
    if config is False:
        return os.devnull
    files = [config] if isinstance(config, str) else list(config)
    if len(files) == 1:
        return str(Path(files[0]).expanduser())
    return _including(files)


def renames(host: str, file: str | None) -> bool:
    """Tell whether an OpenSSH configuration has another name for a host, or a proxy."""
    config = get_ssh_config(file)
    options = config.lookup(host) if config else {}
    is_proxied = not {"proxyjump", "proxycommand"}.isdisjoint(options)
    return is_proxied or options.get("hostname", host) != host


def _including(files: Sequence[str]) -> str:
    with tempfile.NamedTemporaryFile("w", suffix=".ssh_config", delete=False) as file:
        file.writelines(f"Include {Path(each).expanduser().absolute()}\n" for each in files)
    atexit.register(Path(file.name).unlink, missing_ok=True)
    return file.name
