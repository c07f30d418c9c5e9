"""``aliases``: short names for long commands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kamalpy.config.faults import Fault

NAME = re.compile(r"[a-z0-9_-]+")
COMMANDS = (
    *("accessory", "app", "audit", "build", "config", "deploy", "details", "docs", "init"),
    *("lock", "proxy", "prune", "redeploy", "registry", "remove", "rollback", "secrets"),
    *("server", "setup", "upgrade", "version"),
)
ALIAS_SCHEMA: dict[str, Any] = {"pattern": f"^({NAME.pattern})$", "not": {"enum": list(COMMANDS)}}


def alias_faults(aliases: Any) -> Iterator[Fault]:
    """Refuse invalid names, and those of commands."""
    for name in aliases if isinstance(aliases, Mapping) else ():
        if not NAME.fullmatch(name):
            how = 'use lower case letters, digits, "-" and "_"'
            yield Fault("is no name for an alias", how, ("aliases", name))
        elif name in COMMANDS:
            how = "choose another name"
            yield Fault("is the name of a command already", how, ("aliases", name))
