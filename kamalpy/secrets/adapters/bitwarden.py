"""Bitwarden, by ``bw``, and its Secrets Manager, by ``bws``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kamalpy.errors import SecretError

from .base import Adapter, grouped, text


class Bitwarden(Adapter):
    """Names are ``item`` for a login's password, ``item/field`` for a custom field."""

    title = "Bitwarden"
    version = ("bw", "--version")
    needs_account = True
    session = ""

    def login(self) -> None:
        """Log in and unlock as far as needed, then bring the vault up to date."""
        status = self._status()
        if status == "unauthenticated":
            self.shell.tool("bw", "login", self.account, interactive=True)
            status = self._status()
        if status == "locked":
            unlocked = self.shell.tool("bw", "unlock", "--raw", interactive=True)
            self.session = unlocked.stdout.strip()
            status = self._status()
        if status != "unlocked":
            raise SecretError(
                f"Bitwarden is {status} for {self.account}; "
                'try "bw login" and "bw unlock", and set BW_SESSION as it says'
            )
        self.read("the vault", "bw", "sync", environ=self._environ)

    def fetch(self, names: Sequence[str], source: str | None) -> dict[str, str]:
        """Read each item once."""
        pairs = (name.partition("/") for name in self.full_names(names, source))
        found: dict[str, str] = {}
        for item, fields in grouped((item, field) for item, _, field in pairs).items():
            words = ("bw", "get", "item", item)
            password, custom = self.read_json(_read, item, *words, environ=self._environ)
            for field in fields:
                found |= _field(item, field, custom) if field else _main(item, password, custom)
        return found

    @property
    def _environ(self) -> Mapping[str, str]:
        return {"BW_SESSION": self.session} if self.session else {}

    def _status(self) -> str:
        words = ("bw", "status")
        return self.read_json(
            lambda answer: text(answer["status"]), "the status", *words, environ=self._environ
        )


def _read(item: Any) -> tuple[str | None, dict[str, str]]:
    """Read an item: the password, if it is a login and has one, and the fields with a value."""
    password = (item.get("login") or {}).get("password")
    fields = [(field.get("name"), field.get("value")) for field in item.get("fields") or ()]
    custom = {text(n): text(v) for n, v in fields if n is not None and v is not None}
    return None if password is None else text(password), custom


def _field(item: str, field: str, custom: Mapping[str, str]) -> dict[str, str]:
    if field not in custom:
        raise SecretError(f"the item {item} has no field {field} in Bitwarden, or an empty one")
    return {f"{item}/{field}": custom[field]}


def _main(item: str, password: str | None, custom: Mapping[str, str]) -> dict[str, str]:
    if password is not None:
        return {item: password}
    if custom:
        return {f"{item}/{name}": value for name, value in custom.items()}
    raise SecretError(
        f"the item {item} has neither a password nor fields in Bitwarden; make it a login, or "
        "give it custom fields"
    )


class BitwardenSecretsManager(Adapter):
    """Names are ``all``, ``project/all``, or ids of secrets."""

    title = "Bitwarden Secrets Manager"
    version = ("bws", "--version")

    def login(self) -> None:
        """Check the access token."""
        remedy = "set a valid BWS_ACCESS_TOKEN"
        self.log_in("bws", "project", "list", remedy=remedy, interactive=False)

    def fetch(self, names: Sequence[str], source: str | None) -> dict[str, str]:
        """List a project, or get secret by secret."""
        wanted = self.full_names(names, source)
        project, _, last = wanted[0].rpartition("/")
        if len(wanted) == 1 and last == "all":
            what = f"the project {project}" if project else "all projects"
            list_words = ("bws", "secret", "list", *([project] if project else []))
            return self.read_json(lambda found: dict(map(_pair, found)), what, *list_words)
        return dict(self.read_json(_pair, id, "bws", "secret", "get", id) for id in wanted)


def _pair(secret: Any) -> tuple[str, str]:
    return text(secret["key"]), text(secret["value"])
