"""Every key of deploy.yml, explained: read from the JSON Schema that the package brings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kamalpy.reference.keys import inline_yaml

SCHEMA = Path(__file__).with_name("schema.json")
NAMES = {
    "servers": "ROLE",
    "accessories": "NAME",
    "tags": "TAG",
}
"""Placeholders for the user's own names below these keys."""
SAMPLES = {"ROLE": "web", "NAME": "db", "TAG": "replica"}
ITEMS = ("files", "directories")
"""Lists of sections."""
SHARED = ("proxy", "env", "logging", "registry")
"""Sections that stand in several places, with the same keys."""
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Key:
    """A key of deploy.yml: its path, type, default, description and example."""

    path: tuple[str, ...]
    kind: str
    default: str
    description: str
    example: str
    has_keys: bool

    @property
    def name(self) -> str:
        """The path as it is written: ``proxy/healthcheck/path``."""
        return "/".join(self.path)

    @property
    def is_repeated(self) -> bool:
        """Whether the same section stands at the root."""
        return len(self.path) > 1 and self.path[-1] in SHARED and self.path[0] in NAMES

    @property
    def pitfall(self) -> str:
        """What people stumble over."""
        return str(_schema()["x-pitfalls"].get(self.name, ""))

    @property
    def sample(self) -> str:
        """Show it in its place, as YAML."""
        lines = []
        for depth, (above, part) in enumerate(zip(("", *self.path), self.path, strict=False)):
            item = "- " if above in ITEMS else ""
            lines.append("  " * depth + f"{item}{SAMPLES.get(part, part)}:")
        return "\n".join(lines) + f" {self.example}"


def keys() -> tuple[Key, ...]:
    """List every key, each before those below it."""
    return tuple(_keys(_schema(), ()))


def nearest(path: Sequence[str]) -> str:
    """Name the key that a path of the user's own names stands for, or the one above it."""
    wanted = [part for part in path if not part.isdigit()]
    paths = [key.path for key in keys()]
    while wanted:
        for each in paths:
            pairs = zip(each, wanted, strict=False)
            if len(each) == len(wanted) and all(a == b or a in SAMPLES for a, b in pairs):
                return "/".join(each)
        wanted.pop()
    return ""


def children(parent: Key, among: Sequence[Key]) -> list[Key]:
    """List the keys directly below one."""
    return [
        key
        for key in among
        if key.path[: len(parent.path)] == parent.path and _depth(key) == _depth(parent) + 1
    ]


def _depth(key: Key) -> int:
    return len([part for part in key.path if part not in SAMPLES])


@cache
def _schema() -> Schema:
    read: Schema = json.loads(SCHEMA.read_text())
    return read


def _forms(schema: Schema) -> Iterator[Schema]:
    """List the forms that a value may have."""
    if "$ref" in schema:
        yield from _forms(_schema()["$defs"][schema["$ref"].rpartition("/")[2]])
        return
    several = schema.get("anyOf") or schema.get("oneOf")
    if several and "properties" not in schema:
        for each in several:
            yield from _forms(each)
    else:
        yield schema


def _kinds(schema: Schema) -> str:
    """Describe the types that a value may have."""
    return " or ".join(dict.fromkeys(_kind(form) for form in _forms(schema)))


def _kind(form: Schema) -> str:
    if "enum" in form:
        words = [str(each) for each in form["enum"] if isinstance(each, str)]
        return f"one of {', '.join(words)}"
    kind = form.get("type", "string")
    if kind == ["integer", "string"]:
        return "integer or string"
    first = str(kind[0] if isinstance(kind, list) else kind)
    return {"object": "hash"}.get(first, first)


def _description(schema: Schema) -> str:
    """Return a key's own description, or that of its section."""
    forms = (schema, *_forms(schema))
    return next((each["description"] for each in forms if each.get("description")), "")


def _keys(section: Schema, path: tuple[str, ...]) -> Iterator[Key]:
    for name, schema in section.get("properties", {}).items():
        here = (*path, name)
        below = list(_sections(schema, here))
        yield Key(
            here,
            _kinds(schema),
            _default(schema),
            _description(schema),
            inline_yaml(schema["examples"][0]),
            bool(below),
        )
        for deeper, each in below:
            yield from _keys(each, deeper)


def _sections(schema: Schema, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Schema]]:
    """Find the sections below a key: it may be one, a list of them, or a mapping of names."""
    for form in _forms(schema):
        if "properties" in form:
            yield path, form
        for item in _forms(form.get("items", {})):
            if "properties" in item:
                yield path, item
        named = form.get("additionalProperties")
        for value in _forms(named) if isinstance(named, dict) else ():
            if "properties" in value:
                yield (*path, NAMES.get(path[-1], "NAME")), value


def _default(schema: Schema) -> str:
    value = schema.get("default")
    if value in (None, "", [], {}) or isinstance(value, dict):
        return ""
    return inline_yaml(value)
