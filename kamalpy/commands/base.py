"""How words become a command: what is ours stands bare, what a user wrote is quoted."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Any

from pyinfra.api.command import QuoteString, StringCommand

Word = str | QuoteString | StringCommand
_SOURCED = re.compile(r"^\. \./(\w+)\.sh$", re.MULTILINE)
_COMMENT = re.compile(r"^\s*#.*\n|^\n", re.MULTILINE)


def docker(*words: Word) -> StringCommand:
    """Spell a docker command, each bit of it one word."""
    return StringCommand("docker", *words)


def proxy(*words: Word) -> StringCommand:
    """Spell a command to the running kamal-proxy, each bit of it one word."""
    return docker("exec", "kamal-proxy", "kamal-proxy", *words)


def script(name: str, *words: Word, stdin: object = None) -> StringCommand:
    """
    Run one of our own shell scripts with words as its arguments.

    A script is constant text: whatever differs between two runs is an argument or on ``stdin``.
    """
    arguments: dict[str, Any] = {} if stdin is None else {"_stdin": stdin}
    return StringCommand("sh", "-c", QuoteString(_text(name)), name, *words, **arguments)


def shown(command: StringCommand | str) -> str:
    """Spell a command for a person: of our own scripts the name instead of the text."""
    if isinstance(command, str) or command.bits[:2] != ("sh", "-c"):
        return str(command)
    _, _, _, name, *words = command.bits
    return str(StringCommand(f"{name}.sh", *words))


def quoted(value: object) -> QuoteString:
    """Quote anything that a user wrote as one word; nothing at all is an empty word."""
    return QuoteString("" if value is None else str(value))


def joined(prefix: str, value: Word) -> StringCommand:
    """Put something of ours directly before a word: ``--name=`` and its value."""
    return StringCommand(prefix, value, _separator="")


def counted(command: StringCommand) -> tuple[Word, ...]:
    """Spell a command as arguments of a script: the number of its words, and its words."""
    return (str(len(command.bits)), *command.bits)


@cache
def _text(name: str) -> str:
    folder = resources.files("kamalpy.commands") / "scripts"
    text = (folder / f"{name}.sh").read_text()
    text = _SOURCED.sub(lambda found: (folder / f"{found[1]}.sh").read_text(), text)
    return _COMMENT.sub("", text)
