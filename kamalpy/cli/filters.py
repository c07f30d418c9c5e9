"""``-h`` and ``-r``: names with wildcards, several with commas."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from kamalpy.errors import DeployError


def matching(asked: str | None, known: Sequence[str], what: str) -> Sequence[str]:
    """List what is asked for, in the order asked; nothing asked for, nothing listed."""
    if asked is None:
        return []
    found: dict[str, None] = {}
    for pattern in filter(None, (each.strip() for each in asked.split(","))):
        matches = [name for name in known if fnmatchcase(name, pattern)]
        if not matches:
            raise DeployError(f"--{what}s {pattern}: matches no {what} of {', '.join(known)}")
        found.update(dict.fromkeys(matches))
    return list(found)
