"""1Password, by ``op``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kamalpy.errors import SecretError

from .base import Adapter, grouped, text

_Field = tuple[str, str, "str | None"]
"""The key of a field in what is fetched, its label, and its value."""


class OnePassword(Adapter):
    """Names are ``[op://]vault/item[/section]/field``; without a field, ``password``."""

    title = "1Password"
    version = ("op", "--version")
    needs_account = True
    is_batched = True
    session = ""

    def login(self) -> None:
        """Sign in, unless the account is signed in."""
        account = ("--account", self.account)
        if self.shell.tool("op", "account", "get", *account).code != 0:
            remedy = f'try "op signin --account {self.account}"'
            self.session = self.log_in("op", "signin", *account, "--force", "--raw", remedy=remedy)

    def fetch(self, names: Sequence[str], source: str | None) -> dict[str, str]:
        """Read each item once: the fields that are named, or all."""
        if not names and source is not None:
            return _values(self._fields(*_split(source)[0]))
        found: dict[str, str] = {}
        for (vault, item), fields in grouped(map(_split, self.full_names(names, source))).items():
            labels = ",".join(f"label={field or 'password'}" for field in fields)
            values = self._fields(vault, item, "--fields", labels)
            if empty := [label for _, label, value in values if value is None]:
                raise SecretError(f"{vault}/{item}: {', '.join(empty)} has no value in 1Password")
            found |= _values(values)
        return found

    def matches(self, name: str, key: str) -> bool:
        """Compare a name with 1Password's own reference."""
        return key == _key(name)

    def _fields(self, vault: str, item: str, *only: str) -> list[_Field]:
        session = ("--session", self.session) if self.session else ()
        options = ("--vault", vault, "--format", "json", "--account", self.account, *session)
        what = f"{item} in the vault {vault}"
        return self.read_json(_read, what, "op", "item", "get", item, *options, *only)


def _read(answer: Any) -> list[_Field]:
    """Read a field, a list of fields, or a whole item."""
    fields = answer.get("fields", [answer]) if isinstance(answer, dict) else answer
    return [
        (
            _key(text(field.get("reference", ""))),
            text(field.get("label", "")),
            None if field.get("value") is None else text(field["value"]),
        )
        for field in fields
    ]


def _split(name: str) -> tuple[tuple[str, str], str]:
    vault, *rest = name.removeprefix("op://").split("/")
    if not rest:
        raise SecretError(
            f"{name} names no item of 1Password; write VAULT/ITEM/FIELD, or add --from VAULT/ITEM"
        )
    return (vault, rest[0]), ".".join(rest[1:])


def _values(fields: Iterable[_Field]) -> dict[str, str]:
    return {key: value for key, _, value in fields if key and value is not None}


def _key(reference: str) -> str:
    return reference.removeprefix("op://").removesuffix("/password")
