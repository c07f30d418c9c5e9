"""Bitwarden Secrets Manager, by ``bws``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .base import Adapter, text


class BitwardenSecretsManager(Adapter):
    """Names are ``all``, ``project/all``, or ids of secrets."""

    title = "Bitwarden Secrets Manager"
    version = ("bws", "--version")

    def login(self) -> None:
        """Ensure that the access token is good."""
        remedy = "set a valid BWS_ACCESS_TOKEN"
        self.log_in("bws", "project", "list", remedy=remedy, interactive=False)

    def fetch(self, names: Sequence[str], source: str | None) -> dict[str, str]:
        """List a project, or get secret by secret."""
        wanted = self.wanted(names, source)
        project, _, last = wanted[0].rpartition("/")
        if len(wanted) == 1 and last == "all":
            what = f"the project {project}" if project else "all projects"
            list_words = ("bws", "secret", "list", *([project] if project else []))
            return self.ask_for(lambda found: dict(map(_pair, found)), what, *list_words)
        return dict(self.ask_for(_pair, id, "bws", "secret", "get", id) for id in wanted)


def _pair(secret: Any) -> tuple[str, str]:
    return text(secret["key"]), text(secret["value"])
