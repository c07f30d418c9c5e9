"""HashiCorp Vault's key-value stores, by ``vault``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kamalpy.errors import SecretError
from kamalpy.secrets.extract import as_text

from .base import Adapter


@dataclass(frozen=True, slots=True)
class Answer:
    """What is stored under a path; a store of version 2 puts it beside its metadata."""

    data: dict[str, Any] = field(repr=False)

    @property
    def values(self) -> dict[str, str]:
        """The entries as text."""
        inner = self.data.get("data")
        is_version_2 = isinstance(inner, dict) and isinstance(self.data.get("metadata"), dict)
        entries = inner if is_version_2 and isinstance(inner, dict) else self.data
        return {key: as_text(value) for key, value in entries.items()}


class Vault(Adapter):
    """Names are ``path/key``; without names, every key of ``--from``."""

    title = "Vault"
    version = ("vault", "--version")
    joins = True

    def fetch(self, names: Sequence[str], source: str | None) -> dict[str, str]:
        """Ask for each path once."""
        if not names and source is not None:
            return {f"{source}/{key}": value for key, value in self._path(source).items()}
        found: dict[str, str] = {}
        for path, keys in _by_path(self.wanted(names, source)).items():
            values = self._path(path)
            if missing := [f"{path}/{key}" for key in keys if key not in values]:
                raise self.missing(missing)
            found |= {f"{path}/{key}": values[key] for key in keys}
        return found

    def _path(self, path: str) -> dict[str, str]:
        return self.ask_for(Answer, path, "vault", "kv", "get", "-format=json", path).values


def _by_path(names: Sequence[str]) -> dict[str, list[str]]:
    paths: dict[str, list[str]] = {}
    for name in names:
        path, _, key = name.rpartition("/")
        if not path:
            raise SecretError(f"{name} names no path of Vault; write PATH/KEY, or add --from PATH")
        paths.setdefault(path, []).append(key)
    return paths
