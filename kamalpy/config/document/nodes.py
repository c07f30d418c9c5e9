"""A YAML text as a tree that knows where each part of it was written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value, and how it was written if it was written without quotes."""

    value: Any
    place: Place
    written: str | None = None

    def plain(self) -> Any:
        """Return the bare value."""
        return self.value


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    place: Place
    items: list[Node] = field(default_factory=list)

    def plain(self) -> list[Any]:
        """Return the bare values."""
        return [item.plain() for item in self.items]


@dataclass(frozen=True, slots=True)
class Entry:
    """A value under its key, with the place of the key."""

    place: Place
    node: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and their values, in order."""

    place: Place
    entries: dict[str, Entry] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return the bare keys and values."""
        return {key: entry.node.plain() for key, entry in self.entries.items()}

    def merge(self, other: Mapping) -> Mapping:
        """Merge another mapping over this one, recursively; other values are replaced."""
        entries = dict(self.entries)
        for key, entry in other.entries.items():
            below = entries[key].node if key in entries else None
            if isinstance(below, Mapping) and isinstance(entry.node, Mapping):
                entries[key] = Entry(entry.place, below.merge(entry.node))
            else:
                entries[key] = entry
        return Mapping(self.place, entries)


Node: TypeAlias = Scalar | Sequence | Mapping


def child(node: Node, part: str | int) -> tuple[Place, Node] | None:
    """Return the node under a key or at an index, and its place."""
    if isinstance(node, Mapping) and isinstance(part, str) and part in node.entries:
        entry = node.entries[part]
        return entry.place, entry.node
    if isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
        return node.items[part].place, node.items[part]
    return None


def scalars(node: Node, path: Path = ()) -> Iterator[tuple[Path, Scalar]]:
    """List every single value below a node with its path."""
    if isinstance(node, Scalar):
        yield path, node
    elif isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            yield from scalars(item, (*path, index))
    else:
        for key, entry in node.entries.items():
            yield from scalars(entry.node, (*path, key))
