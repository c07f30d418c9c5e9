"""Lines of secrets files that do not mean what they seem to, and values that break a URL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from kamalpy.dotenv import parse
from kamalpy.errors import Problem, SecretError

from .secrets import Secrets
from .text import decode

OPENED = re.compile(r"""\s*(?:export\s+)?([\w.]+)\s*=\s*(["'])""", re.ASCII)
CUT = re.compile(r"""\s*(?:export\s+)?([\w.]+)\s*=\s*([^\s"'#$][^\s#]*)\#\S""", re.ASCII)
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
SPECIAL = re.compile(r"[^A-Za-z0-9._~!$&'()*+,;=-]")
"""What a password in a URL may not hold without percent-encoding."""
ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")


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


def broken_urls(secrets: Secrets) -> dict[str, Problem]:
    """Find values that break the URL that they are part of, by the name of the URL."""
    found: dict[str, Problem] = {}
    for name in secrets.names():
        for part in secrets.dependencies(name):
            with suppress(SecretError):
                if _breaks(secrets.value(name), secrets.value(part)):
                    what = f"{part} has characters that end the password of a URL"
                    how = f"choose letters and digits: kamalpy secrets set {part}"
                    found[name] = Problem(what, f"{how}, or percent-encode it", name)
    return found


def _breaks(url: str, value: str) -> bool:
    """Return whether a value is the login of a URL, and has characters to encode."""
    scheme = SCHEME.match(url)
    at = url.find(value, scheme.end()) if scheme and value else -1
    is_login = at >= 0 and "@" in url[at + len(value) :]
    return is_login and SPECIAL.search(ENCODED.sub("", value)) is not None
