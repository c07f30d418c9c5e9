"""Who deploys, as git knows them."""

from __future__ import annotations

import getpass
import subprocess


def performer() -> str:
    """Return the performer in the audit log: git's ``user.email``, else the local user."""
    return _git("user.email")


def holder() -> str:
    """Return the holder of the lock: git's ``user.name``, else the local user."""
    return _git("user.name")


def _git(setting: str) -> str:
    words = ["git", "config", setting]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    except OSError:
        return getpass.getuser()
    return done.stdout.strip() or getpass.getuser()
