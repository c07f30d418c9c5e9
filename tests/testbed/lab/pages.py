"""The pages of the documentation, and the files and commands that they show."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

DOCS = Path(__file__).parents[3] / "docs"
PAGES = {str(path.relative_to(DOCS)): path.read_text() for path in sorted(DOCS.rglob("*.md"))}
_FENCE = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def files(page: str) -> dict[str, str]:
    """Return the files that a page shows, by their paths."""
    return {title: text for _, title, text in _FENCE.findall(PAGES[page]) if title}


def blocks(page: str, language: str) -> list[str]:
    """Return what a page shows in a language."""
    return [text for known, _, text in _FENCE.findall(PAGES[page]) if known == language]


def write(page: str, folder: Path) -> None:
    """Write the files of a page into a folder."""
    for name, text in files(page).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def deploy_files() -> Iterator[tuple[str, str, str | None]]:
    """List every deploy.yml: its page, its path, and each of its destinations."""
    for page in PAGES:
        for name in files(page):
            if name.endswith("config/deploy.yml"):
                overlays = re.findall(r"config/deploy\.(\w+)\.yml", "\n".join(files(page)))
                for destination in overlays or [None]:
                    yield page, name, destination


def commands(page: str) -> Iterator[list[str]]:
    """List the words of each line that begins with ``kamalpy``, up to a redirection or pipe."""
    indented = re.findall(r"^    (?=kamalpy )(.*)$", PAGES[page], re.MULTILINE)
    fenced = [line for block in blocks(page, "sh") for line in block.splitlines()]
    for line in (*indented, *fenced):
        lexer = shlex.shlex(line, posix=True, punctuation_chars="<>|")
        lexer.whitespace_split = True
        words = list(takewhile(lambda word: word[0] not in "<>|", lexer))
        if words[:1] == ["kamalpy"] and "COMMAND" not in words:
            yield words[1:]
