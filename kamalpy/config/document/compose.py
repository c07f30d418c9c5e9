"""From YAML text to a tree with places: anchors, merge keys and repeated keys as Psych has them."""

from __future__ import annotations

from collections.abc import Sequence as Lines
from dataclasses import dataclass, field
from typing import Any

import yaml

from kamalpy.config.document.nodes import Entry, Mapping, Node, Place, Scalar, Sequence
from kamalpy.config.document.ruby import NonStringKey, Symbol
from kamalpy.config.document.scalars import TEXT, TagError, refuse_objects, scalar_value
from kamalpy.errors import ConfigurationError, Problem

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MERGE = "<<"
MOST_VALUES = 200_000
DEEPEST = 100


@dataclass(slots=True)
class Part:
    """A finished value, and its size with every alias expanded."""

    node: Node
    size: int = 1
    depth: int = 1
    alias: bool = False
    merges: bool = False


@dataclass(slots=True)
class Frame:
    """A list or mapping that is still open."""

    place: Place
    anchor: str | None
    mapping: bool
    parts: list[Part] = field(default_factory=list)


class Composer:
    """Builds the tree of one file; ``notes`` are its warnings."""

    def __init__(self, file: str, lines: Lines[int] = (), source: str | None = None) -> None:
        self.file = file
        self.lines = lines
        self.source = source
        self.notes: list[Problem] = []
        self._anchors: dict[str, Part] = {}
        self._open: list[Frame] = []
        self._root: Node | None = None

    def compose(self, text: str) -> Node | None:
        """Build the tree of the first document; None when the text holds none."""
        for event in yaml.parse(text, Loader=LOADER):
            if isinstance(event, yaml.DocumentEndEvent):
                break
            self._handle(event)
        return self._root

    def place(self, mark: Any) -> Place:
        """Return the place of a mark in the file as written, before rendering."""
        line: int = mark.line
        return Place(self.file, self.lines[line] if line < len(self.lines) else line + 1)

    def _handle(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._add(self._scalar(event), event.anchor)
        elif isinstance(event, yaml.AliasEvent):
            self._add(self._alias(event))
        elif isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            self._start(event)
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            self._end(event)

    def _add(self, part: Part, anchor: str | None = None) -> None:
        if anchor is not None:
            self._anchors[anchor] = part
        if self._open:
            self._open[-1].parts.append(part)
        else:
            self._root = part.node

    def _scalar(self, event: yaml.ScalarEvent) -> Part:
        place = self.place(event.start_mark)
        try:
            value = scalar_value(event)
        except TagError as error:
            raise self._refuse(event, str(error), "write plain YAML") from None
        plain = event.implicit[0] and not isinstance(value, str)
        merges = value == MERGE and event.tag not in TEXT
        return Part(Scalar(value, place, event.value if plain else None), merges=merges)

    def _alias(self, event: yaml.AliasEvent) -> Part:
        name = event.anchor
        shown = self._shown(f"*{name}")
        if any(frame.anchor == name for frame in self._open):
            raise self._refuse(event, f"{shown} is part of what it refers to", "take it out")
        if name not in self._anchors:
            how = 'put a value that begins with "*" in quotes, or define the anchor above this line'
            raise self._refuse(event, f"{shown} names an anchor that is not there", how)
        part = self._anchors[name]
        return Part(part.node, part.size, part.depth, alias=True)

    def _shown(self, word: str) -> str:
        """Return what the user wrote, never what a template rendered: it may be a secret."""
        return word if self.source is None or word in self.source else "an alias"

    def _start(self, event: yaml.CollectionStartEvent) -> None:
        try:
            refuse_objects(event.tag)
        except TagError as error:
            raise self._refuse(event, str(error), "write plain YAML") from None
        mapping = isinstance(event, yaml.MappingStartEvent)
        self._open.append(Frame(self.place(event.start_mark), event.anchor, mapping))
        if len(self._open) > DEEPEST:
            raise self._refuse(event, f"is nested more than {DEEPEST} deep", "write it flatter")

    def _end(self, event: yaml.CollectionEndEvent) -> None:
        frame = self._open.pop()
        size = 1 + sum(part.size for part in frame.parts)
        depth = 1 + max((part.depth for part in frame.parts), default=0)
        if size > MOST_VALUES or depth > DEEPEST:
            what = f"holds more than {MOST_VALUES:,} values when its aliases are written out"
            raise self._refuse(event, what, "use fewer aliases", frame.place)
        self._add(Part(self._collection(frame), size, depth), frame.anchor)

    def _collection(self, frame: Frame) -> Mapping | Sequence:
        if not frame.mapping:
            return Sequence(frame.place, [part.node for part in frame.parts])
        builder = Builder(frame.place)
        for key, value in zip(frame.parts[::2], frame.parts[1::2], strict=True):
            merges = key.merges and builder.merge(value.node, alias=value.alias)
            if not merges:
                builder.put(key.node, value.node)
        self.notes.extend(builder.notes)
        return builder.mapping

    def _refuse(
        self, event: yaml.Event, what: str, how: str, place: Place | None = None
    ) -> ConfigurationError:
        place = place or self.place(event.start_mark)
        return ConfigurationError([Problem(what, how, file=place.file, line=place.line)])


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
    """Return a key if it is a string, else one that equals no string."""
    value = node.plain()
    if isinstance(value, str) and not isinstance(value, Symbol):
        return value
    return NonStringKey(value if isinstance(node, Scalar) else str(value))


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
    """Convert symbols at the root to strings, as Kamal does only there."""
    entries: dict[str, Entry] = {}
    for key, entry in root.entries.items():
        symbol = isinstance(key, NonStringKey) and isinstance(key.value, Symbol)
        entries[key.value if symbol else key] = entry  # type: ignore[attr-defined]
    return Mapping(root.place, entries)
