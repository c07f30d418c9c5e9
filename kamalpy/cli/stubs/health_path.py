"""The path of an app's health check, found in its source."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

ROUTE = re.compile(
    r"""["'`](?:GET )?/?(up|healthz?|health[_-]?check|livez|readyz|ping|status)/?["'`]"""
)
SUFFIXES = frozenset(
    (".py", ".rb", ".ex", ".exs", ".js", ".ts", ".mjs", ".cjs", ".tsx", ".go", ".php")
)
SKIPPED = frozenset(("node_modules", "vendor", "deps", "_build", "venv", "dist", "build", "tests"))
MOST_FILES = 2_000
MOST_BYTES = 200_000
NAMES = ("up", "healthz", "health", "health_check", "health-check", "healthcheck", "livez")
"""From the usual to the unusual."""


def health_path(folder: Path) -> str | None:
    """Find a route that is called like a health check; the most usual name wins."""
    found: set[str] = set()
    for path in islice(_sources(folder), MOST_FILES):
        try:
            with path.open(errors="replace") as opened:
                found.update(ROUTE.findall(opened.read(MOST_BYTES)))
        except OSError:
            continue
    ordered = [name for name in NAMES if name in found] or sorted(found)
    return f"/{ordered[0]}" if ordered else None


def _sources(folder: Path) -> Iterator[Path]:
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if each[0] != "." and each not in SKIPPED)
        yield from (Path(where) / name for name in sorted(files) if Path(name).suffix in SUFFIXES)
