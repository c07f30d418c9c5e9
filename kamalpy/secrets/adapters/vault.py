"""HashiCorp Vault's key-value stores, by ``vault``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kamalpy.errors import SecretError
from kamalpy.secrets.extract import as_text

from .base import Adapter, grouped


class Vault(Adapter):
    """Names are ``path/key``; without names, every key of ``--from``."""

    title = "Vault"
    version = ("vault", "--version")
    is_batched = True

    def fetch(self, names: Sequence[str], source: str | None) -> dict[str, str]:
        """Read each path once."""
        if not names and source is not None:
            return self._path(source)
        found: dict[str, str] = {}
        for path, wanted in grouped((_path(n), n) for n in self.full_names(names, source)).items():
            values = self._path(path)
            if missing := [name for name in wanted if name not in values]:
                raise self.missing(missing)
            found |= {name: values[name] for name in wanted}
        return found

    def _path(self, path: str) -> dict[str, str]:
        entries = self.read_json(_read, path, "vault", "kv", "get", "-format=json", path)
        return {f"{path}/{key}": value for key, value in entries.items()}


def _read(answer: Any) -> dict[str, str]:
    """Read the entries of a path; a store of version 2 puts them next to their metadata."""
    data = answer["data"]
    inner = data.get("data")
    is_version_2 = isinstance(inner, dict) and isinstance(data.get("metadata"), dict)
    return {key: as_text(value) for key, value in (inner if is_version_2 else data).items()}


def _path(name: str) -> str:
    path, _, _ = name.rpartition("/")
    if not path:
        raise SecretError(f"{name} names no path of Vault; write PATH/KEY, or add --from PATH")
    return path
