"""Enpass, by ``enpass-cli``: offline, without any account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kamalpy.errors import SecretError

from .base import Adapter


@dataclass(frozen=True, slots=True)
class Entry:
    """One password of an item."""

    title: str | None = None
    label: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def key(self) -> str:
        """What the entry is asked for by."""
        return "/".join(filter(None, (self.title, self.label)))


class Enpass(Adapter):
    """``--from`` is the vault's folder; names are ``title`` (all entries) or ``title/label``."""

    title = "Enpass"
    version = ("enpass-cli", "version")
    prefixes = False
    joins = True

    def fetch(self, names: Sequence[str], source: str | None) -> dict[str, str]:
        """Ask for all titles at once."""
        wanted = self.wanted(names, source)
        if not source:
            raise SecretError("Enpass needs a vault; add --from with the folder of the vault")
        titles = list(dict.fromkeys(name.rpartition("/")[0] or name for name in wanted))
        words = ("enpass-cli", "-json", "-vault", source, "show", *titles)
        found = _values(self.ask_for(list[Entry], ", ".join(titles), *words), wanted)
        if missing := [n for n in wanted if not any(self.answers(n, key) for key in found)]:
            raise self.missing(missing)
        return found


def _values(entries: Sequence[Entry], wanted: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in entries:
        if not (entry.title and entry.password):
            continue
        if entry.title not in wanted and entry.key not in wanted:
            continue
        if entry.key in found:
            raise SecretError(
                f"Enpass has {entry.key} more than once; give the entries different labels"
            )
        found[entry.key] = entry.password
    return found
