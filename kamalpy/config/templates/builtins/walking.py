"""Goes through a list, even while it changes."""

from __future__ import annotations

from collections.abc import Iterator

from kamalpy.config.templates.values import Value


def walked(items: list[Value]) -> Iterator[Value]:
    """Items while the list may change."""
    index = 0
    while index < len(items):
        yield items[index]
        index += 1
