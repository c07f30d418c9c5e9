"""Bitwarden, by ``bw``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kamalpy.errors import SecretError

from .base import Adapter


@dataclass(frozen=True, slots=True)
class Status:
    """Whether the vault can be read."""

    status: str


@dataclass(frozen=True, slots=True)
class Login:
    """The part of an item that a login has."""

    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class CustomField:
    """A field that somebody added to an item."""

    name: str | None = None
    value: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the vault."""

    login: Login | None = None
    fields: list[CustomField] | None = None

    @property
    def password(self) -> str | None:
        """The login's password, if it is a login and has one."""
        return self.login.password if self.login else None

    @property
    def custom(self) -> dict[str, str]:
        """The fields that have a name and a value."""
        pairs = ((field.name, field.value) for field in self.fields or ())
        return {n: v for n, v in pairs if n is not None and v is not None}


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
        self.ask("the vault", "bw", "sync", environ=self._environ)

    def fetch(self, names: Sequence[str], source: str | None) -> dict[str, str]:
        """Ask for each item once."""
        items: dict[str, list[str]] = {}
        for name in self.wanted(names, source):
            item, _, field = name.partition("/")
            items.setdefault(item, []).append(field)
        found: dict[str, str] = {}
        for item, fields in items.items():
            words = ("bw", "get", "item", item)
            answer = self.ask_for(Item, item, *words, environ=self._environ)
            for field in fields:
                found |= _field(item, field, answer) if field else _main(item, answer)
        return found

    @property
    def _environ(self) -> Mapping[str, str]:
        return {"BW_SESSION": self.session} if self.session else {}

    def _status(self) -> str:
        return self.ask_for(Status, "the status", "bw", "status", environ=self._environ).status


def _field(item: str, field: str, answer: Item) -> dict[str, str]:
    if field not in answer.custom:
        raise SecretError(f"the item {item} has no field {field} in Bitwarden, or an empty one")
    return {f"{item}/{field}": answer.custom[field]}


def _main(item: str, answer: Item) -> dict[str, str]:
    if answer.password is not None:
        return {item: answer.password}
    if answer.custom:
        return {f"{item}/{name}": value for name, value in answer.custom.items()}
    raise SecretError(
        f"the item {item} has neither a password nor fields in Bitwarden; make it a login, or "
        "give it custom fields"
    )
