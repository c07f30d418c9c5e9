"""Writes the tables of ``docs/configuration.md``: ``python tests/config/page.py``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kamalpy.reference import Key, children, keys

PAGE = Path(__file__).parents[2] / "docs/configuration.md"
FIRST = "## At the root"
"""Whatever stands above this title is written by hand."""


def page() -> str:
    """Write the whole page, what stands above the tables as it is."""
    known = keys()
    root = [key for key in known if len(key.path) == 1]
    head = PAGE.read_text().partition(FIRST)[0]
    parts = [head, "\n".join(_table(FIRST.removeprefix("## "), root))]
    for key in known:
        if key.has_keys and not key.is_repeated and not any(_is_repeated(key, k) for k in known):
            parts.append("\n".join(_table(key.name, children(key, known))))
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _is_repeated(key: Key, above: Key) -> bool:
    """Tell whether a key stands in a section that is told at the root."""
    return above.is_repeated and key.path[: len(above.path)] == above.path


def _table(title: str, below: list[Key]) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    yield "| Key | Value | Meaning |"
    yield "| --- | --- | --- |"
    for key in below:
        value = f"{key.kind}, `{key.default}`" if key.default else key.kind
        told = f"{key.description} *Beware:* {key.pitfall}." if key.pitfall else key.description
        yield f"| {_linked(key)} | {value} | {told.replace('|', chr(92) + '|')} |"


def _linked(key: Key) -> str:
    name = f"`{key.path[-1]}`"
    if not key.has_keys:
        return name
    there = key.path[-1] if key.is_repeated else key.name
    return f"[{name}](#{there.lower().replace('/', '')})"


if __name__ == "__main__":
    PAGE.write_text(page())
