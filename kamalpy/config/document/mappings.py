"""The entries of one mapping: odd keys, repeated keys and merge keys, as Psych treats them."""

from __future__ import annotations

from kamalpy.config.document.nodes import Entry, Mapping, Node, Place, Scalar, Sequence
from kamalpy.config.document.ruby import OddKey, Symbol
from kamalpy.errors import Problem

MERGE = "<<"


class Builder:
    """
    Collects the entries of a mapping in the order in which they are written.

    Psych lets ``<<`` overwrite the keys above it, and lets a repeated key win over the first.
    """

    def __init__(self, place: Place) -> None:
        self.mapping = Mapping(place)
        self.notes: list[Problem] = []
        self._written: dict[str, Place] = {}

    def put(self, key: Node, value: Node) -> None:
        """Add one entry."""
        name = key_of(key)
        self._note(name, key.place)
        self.mapping.entries[name] = Entry(key.place, value)

    def merge(self, value: Node, *, alias: bool) -> bool:
        """Add the entries of a merge key; False when it names nothing that has entries."""
        merged = _merged(value, alias=alias)
        self.mapping.entries.update(merged or {})
        return merged is not None

    def _note(self, name: str, place: Place) -> None:
        first = self._written.setdefault(name, place)
        if first is not place:
            what = f"is written twice, and only this one counts, not the one in line {first.line}"
            how = "remove one of the two"
            self.notes.append(Problem(what, how, str(name), place.file, place.line))


def key_of(node: Node) -> str:
    """Give a key's name: itself if it is a string, else what cannot be taken for one."""
    value = node.plain()
    if isinstance(value, str) and not isinstance(value, Symbol):
        return value
    return OddKey(value if isinstance(node, Scalar) else str(value))


def _merged(value: Node, *, alias: bool) -> dict[str, Entry] | None:
    if isinstance(value, Mapping):
        return value.entries
    if isinstance(value, Sequence) and not alias:
        entries: dict[str, Entry] = {}
        for item in reversed(value.items):
            if not isinstance(item, Mapping):
                return None
            entries.update(item.entries)
        return entries
    return None


def plain_keys(root: Mapping) -> Mapping:
    """Take symbols at the root for strings, as Kamal does there and nowhere else."""
    entries: dict[str, Entry] = {}
    for key, entry in root.entries.items():
        symbol = isinstance(key, OddKey) and isinstance(key.value, Symbol)
        entries[key.value if symbol else key] = entry  # type: ignore[attr-defined]
    return Mapping(root.place, entries)
