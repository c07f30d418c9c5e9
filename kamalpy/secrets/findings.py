"""Lines of secrets files that do not mean what they seem to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from kamalpy.dotenv import parse
from kamalpy.errors import Problem

from .text import decode

OPENED = re.compile(r"""\s*(?:export\s+)?([\w.]+)\s*=\s*(["'])""", re.ASCII)
CUT = re.compile(r"""\s*(?:export\s+)?([\w.]+)\s*=\s*([^\s"'#$][^\s#]*)\#\S""", re.ASCII)


def findings(root: Path, names: tuple[str, ...]) -> Iterator[Problem]:
    """Find mistakes in the files that exist; no message contains a value."""
    from .encrypted import is_encrypted

    for name in names:
        try:
            text = decode((root / name).read_bytes())
        except OSError:
            continue
        if not is_encrypted(text):
            yield from _in_file(name, text)


def _in_file(name: str, text: str) -> Iterator[Problem]:
    multiline = _multiline(text)
    for number, line in enumerate(text.splitlines(), 1):
        if number in multiline or not line.strip() or line.lstrip().startswith("#"):
            continue
        opened = OPENED.match(line)
        if opened and not _closes(line[opened.end() :], opened[2]):
            what, how = "a quote is opened and not closed", "close it, or leave both out"
            yield Problem(what, how, opened[1], name, number)
        elif "=" not in line and not re.match(r"\s*[\w.]+:\s", line):
            how = "write NAME=value, or put # before a comment"
            yield Problem("is skipped: it has no =", how, file=name, line=number)
        elif cut := CUT.match(line):
            what = "the value ends at the #, which begins a comment"
            yield Problem(what, "put the value in single quotes", cut[1], name, number)


def _closes(rest: str, quote: str) -> bool:
    return re.search(rf"(?<!\\){quote}", rest) is not None


def _multiline(text: str) -> set[int]:
    """List the lines of multi-line values, which are read correctly."""
    lines: set[int] = set()
    for each in parse(text):
        count = each.text.count("\n")
        lines.update(range(each.number, each.number + count + 1) if count else ())
    return lines
