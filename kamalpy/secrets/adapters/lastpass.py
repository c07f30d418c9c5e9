"""LastPass, by ``lpass``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .base import Adapter


@dataclass(frozen=True, slots=True)
class Item:
    """An item, with the folder in its name."""

    fullname: str
    password: str = field(repr=False)


class LastPass(Adapter):
    """Names are ``[folder/]item``."""

    title = "LastPass"
    version = ("lpass", "--version")
    needs_account = True
    joins = True

    def login(self) -> None:
        """Log in, unless this account is."""
        status = self.shell.tool("lpass", "status", "--color", "never")
        if status.stdout.strip() == f"Logged in as {self.account}.":
            return
        result = self.shell.tool("lpass", "login", self.account, interactive=True)
        if result.code != 0:
            raise self.refused(result, f'try "lpass login {self.account}"')

    def fetch(self, names: Sequence[str], source: str | None) -> dict[str, str]:
        """Ask for all items at once."""
        wanted = self.wanted(names, source)
        items = self.ask_for(list[Item], ", ".join(wanted), "lpass", "show", *wanted, "--json")
        found = {item.fullname: item.password for item in items}
        if missing := [name for name in wanted if name not in found]:
            raise self.missing(missing)
        return found
