"""Enpass, by ``enpass-cli``: offline, without any account."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kamalpy.errors import SecretError

from .base import Adapter, text


class Enpass(Adapter):
    """``--from`` is the vault's folder; names are ``title`` (all entries) or ``title/label``."""

    title = "Enpass"
    version = ("enpass-cli", "version")
    source_is_prefix = False
    is_batched = True

    def fetch(self, names: Sequence[str], source: str | None) -> dict[str, str]:
        """Read all titles at once."""
        wanted = self.full_names(names, source)
        if not source:
            raise SecretError("Enpass needs a vault; add --from with the folder of the vault")
        titles = list(dict.fromkeys(name.rpartition("/")[0] or name for name in wanted))
        words = ("enpass-cli", "-json", "-vault", source, "show", *titles)
        entries = self.read_json(_read, ", ".join(titles), *words)
        return self.complete(_values(entries, wanted), wanted)


def _read(entries: Any) -> list[tuple[str, str, str]]:
    keys = ("title", "label", "password")
    found = [tuple(text(entry.get(key) or "") for key in keys) for entry in entries]
    return [(title, label, password) for title, label, password in found if title and password]


def _values(entries: Iterable[tuple[str, str, str]], wanted: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for title, label, password in entries:
        key = f"{title}/{label}" if label else title
        if title not in wanted and key not in wanted:
            continue
        if key in found:
            raise SecretError(f"Enpass has {key} more than once; give the entries different labels")
        found[key] = password
    return found
