"""The reference of deploy.yml's keys, from the JSON Schema, as ``kamalpy docs`` has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kamalpy.reference import Key, children
from kamalpy.reference import keys as all_keys


def markdown() -> str:
    """Write a section for each hash of keys, and an example for each key."""
    known = all_keys()
    root = [key for key in known if len(key.path) == 1]
    lines = list(_section("At the root", root))
    for key in known:
        if key.has_keys and not key.is_repeated and not _is_below_repeated(key, known):
            lines += _section(key.name, children(key, known))
    return "\n".join(lines)


def anchor(key: Key) -> str:
    """Return the anchor of a key's own title."""
    return f"key-{key.name.replace('/', '-')}"


def _section(title: str, below: Sequence[Key]) -> Iterator[str]:
    yield from (f"## {title} {{ #{title.lower().replace('/', '-').replace(' ', '-')} }}", "")
    for key in below:
        yield from (f"### `{key.path[-1]}` {{ #{anchor(key)} }}", "")
        default = f", default `{key.default}`" if key.default else ""
        yield from (f"*{key.kind}*{default}. {key.description}", "")
        if key.pitfall:
            yield from (f"**Note:** {key.pitfall}.", "")
        if key.has_keys:
            there = key.path[-1] if key.is_repeated else key.name
            yield from (f"Its keys: [`{there}`](#{there.replace('/', '-').lower()}).", "")
        yield from ("```yaml", key.sample, "```", "")


def _is_below_repeated(key: Key, known: Sequence[Key]) -> bool:
    """Tell whether a key is part of a section that is explained at the root."""
    return any(each.is_repeated and key.path[: len(each.path)] == each.path for each in known)
