"""Which version is deployed when nobody asked for one: what git tells."""

from __future__ import annotations

from pathlib import Path

from kamalpy.config import git
from kamalpy.errors import VersionError

WAYS = "give one with --version, or set VERSION"


def git_version(root: Path, *, from_clone: bool) -> str:
    """Name the current commit; uncommitted changes count only when the build sees them."""
    if not git.is_used(root):
        raise VersionError(f"no version: {root} is no git repository; {WAYS}")
    revision = git.revision(root)
    if revision is None:
        raise VersionError(f"no version: nothing has been committed in {root}; commit, or {WAYS}")
    changes = None if from_clone else git.uncommitted(root)
    return revision if changes is None else f"{revision}_uncommitted_{changes}"


def abbreviate(version: str) -> str:
    """Shorten a commit to seven digits; a version with an underscore stays whole."""
    return version if "_" in version else version[:7]
