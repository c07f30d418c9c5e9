"""Who it is that does all this, as git knows them."""

from __future__ import annotations

import getpass
import subprocess


def performer() -> str:
    """Return who stands in the audit log: git's ``user.email``, else the user of this machine."""
    return _git("user.email")


def holder() -> str:
    """Return who stands in the lock: git's ``user.name``, else the user of this machine."""
    return _git("user.name")


def _git(setting: str) -> str:
    try:
        said = subprocess.run(
            ["git", "config", setting], capture_output=True, text=True, check=False
        )
    except OSError:
        return getpass.getuser()
    return said.stdout.strip() or getpass.getuser()
