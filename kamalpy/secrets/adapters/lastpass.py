"""LastPass, by ``lpass``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .base import Adapter, text


class LastPass(Adapter):
    """Names are ``[folder/]item``."""

    title = "LastPass"
    version = ("lpass", "--version")
    needs_account = True
    is_batched = True

    def login(self) -> None:
        """Log in, unless this account is logged in."""
        status = self.shell.tool("lpass", "status", "--color", "never").stdout.strip()
        if status != f"Logged in as {self.account}.":
            words = ("lpass", "login", self.account)
            self.log_in(*words, remedy=f'try "{" ".join(words)}"')

    def fetch(self, names: Sequence[str], source: str | None) -> dict[str, str]:
        """Read all items at once."""
        wanted = self.full_names(names, source)
        found = self.read_json(_read, ", ".join(wanted), "lpass", "show", *wanted, "--json")
        return self.complete(found, wanted)


def _read(items: Any) -> dict[str, str]:
    return {text(item["fullname"]): text(item["password"]) for item in items}
