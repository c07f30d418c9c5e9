"""Bitwarden Secrets Manager, by ``bws``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .base import Adapter


@dataclass(frozen=True, slots=True)
class StoredSecret:
    """A secret as it is stored."""

    key: str
    value: str = field(repr=False)


class BitwardenSecretsManager(Adapter):
    """Names are ``all``, ``project/all``, or ids of secrets."""

    title = "Bitwarden Secrets Manager"
    version = ("bws", "--version")

    def login(self) -> None:
        """See whether the access token is good."""
        result = self.shell.tool("bws", "project", "list")
        if result.code != 0:
            raise self.refused(result, "set a valid BWS_ACCESS_TOKEN")

    def fetch(self, names: Sequence[str], source: str | None) -> dict[str, str]:
        """List a project, or get secret by secret."""
        wanted = self.wanted(names, source)
        project, _, last = wanted[0].rpartition("/")
        if len(wanted) == 1 and last == "all":
            words = ("bws", "secret", "list", *([project] if project else []))
            what = f"the project {project}" if project else "all projects"
            secrets = self.ask_for(list[StoredSecret], what, *words)
        else:
            get = ("bws", "secret", "get")
            secrets = [self.ask_for(StoredSecret, id, *get, id) for id in wanted]
        return {secret.key: secret.value for secret in secrets}
