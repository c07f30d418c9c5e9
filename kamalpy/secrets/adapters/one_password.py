"""1Password, by ``op``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from kamalpy.errors import SecretError

from .base import Adapter

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an item; ``reference`` is ``op://vault/item[/section]/field``."""

    reference: str = ""
    label: str = ""
    value: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Item:
    """A whole item."""

    fields: list[Field]


class OnePassword(Adapter):
    """Names are ``[op://]vault/item[/section]/field``; without a field, ``password``."""

    title = "1Password"
    version = ("op", "--version")
    needs_account = True
    joins = True
    session = ""

    def login(self) -> None:
        """Sign in, unless the account is signed in."""
        if self.shell.tool("op", "account", "get", "--account", self.account).code == 0:
            return
        words = ("op", "signin", "--account", self.account, "--force", "--raw")
        result = self.shell.tool(*words, interactive=True)
        if result.code != 0:
            raise self.refused(result, f'try "op signin --account {self.account}"')
        self.session = result.stdout.strip()

    def fetch(self, names: Sequence[str], source: str | None) -> dict[str, str]:
        """Ask for each item once, for the fields that are named or for all."""
        if not names and source is not None:
            vault, item, _ = _split(source)
            return _values(self._item(Item, vault, item).fields)
        found: dict[str, str] = {}
        for (vault, item), fields in _by_item(self.wanted(names, source)).items():
            given = self._fields(vault, item, fields)
            if empty := [field.label for field in given if field.value is None]:
                raise SecretError(f"{vault}/{item}: {', '.join(empty)} has no value in 1Password")
            found |= _values(given)
        return found

    def answers(self, name: str, key: str) -> bool:
        """Compare a name with 1Password's own reference."""
        return key == name.removeprefix("op://").removesuffix("/password")

    def _fields(self, vault: str, item: str, fields: Sequence[str]) -> list[Field]:
        labels = ("--fields", ",".join(f"label={field}" for field in fields))
        if len(fields) == 1:
            return [self._item(Field, vault, item, *labels)]
        return self._item(list[Field], vault, item, *labels)

    def _item(self, kind: type[_Answer], vault: str, item: str, *fields: str) -> _Answer:
        session = ("--session", self.session) if self.session else ()
        options = ("--vault", vault, "--format", "json", "--account", self.account, *session)
        what = f"{item} in the vault {vault}"
        return self.ask_for(kind, what, "op", "item", "get", item, *options, *fields)


def _split(name: str) -> tuple[str, str, str]:
    vault, *rest = name.removeprefix("op://").split("/")
    if not rest:
        raise SecretError(
            f"{name} names no item of 1Password; write VAULT/ITEM/FIELD, or add --from VAULT/ITEM"
        )
    return vault, rest[0], ".".join(rest[1:])


def _by_item(names: Sequence[str]) -> dict[tuple[str, str], list[str]]:
    items: dict[tuple[str, str], list[str]] = {}
    for name in names:
        vault, item, field = _split(name)
        items.setdefault((vault, item), []).append(field or "password")
    return items


def _values(fields: Sequence[Field]) -> dict[str, str]:
    return {
        each.reference.removeprefix("op://").removesuffix("/password"): each.value
        for each in fields
        if each.reference and each.value is not None
    }
