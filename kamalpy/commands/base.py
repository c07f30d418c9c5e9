"""How words become a command: our own are bare, those of a user are quoted."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from pyinfra.api.command import QuoteString, StringCommand

Word = str | QuoteString | StringCommand
_SOURCED = re.compile(r"^\. \./(\w+)\.sh$", re.MULTILINE)
_COMMENT = re.compile(r"^\s*#.*\n|^\n", re.MULTILINE)


@dataclass(frozen=True, slots=True, repr=False)
class Payload:
    """Text for standard input that no log and no debug print ever shows."""

    text: str

    def __repr__(self) -> str:
        return "*MASKED*"

    def __iter__(self) -> Iterator[str]:
        return iter(self.readlines())

    def readlines(self) -> list[str]:
        """Return what pyinfra writes."""
        return [self.text]


def docker(*words: Word) -> StringCommand:
    """Spell a docker command, each bit of it one word."""
    return StringCommand("docker", *words)


def proxy(*words: Word) -> StringCommand:
    """Spell a command to the running kamal-proxy, each bit of it one word."""
    return docker("exec", "kamal-proxy", "kamal-proxy", *words)


def script(
    script_name: str, /, *arguments: Word, stdin: object = None, **words: object
) -> StringCommand:
    """
    Run one of our own shell scripts: ``words`` are its variables, ``name=value``.

    A script is constant text: whatever differs between two runs is a word, an argument or on
    ``stdin``. A tuple makes one word for each of its values.
    """
    values = [(n, v) for n, value in words.items() for v in _several(value)]
    named = (word(name, value) for name, value in values)
    given: dict[str, Any] = {} if stdin is None else {"_stdin": stdin}
    start = ("sh", "-c", QuoteString(text(script_name)), script_name)
    return StringCommand(*start, *named, *(("--", *arguments) if arguments else ()), **given)


def _several(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


class Chain(StringCommand):
    """Several commands as one; the first that fails ends it, or all run whatever fails."""

    def __init__(self, *commands: StringCommand, ends: bool = True) -> None:
        given = [each.connector_arguments.get("_stdin") for each in commands]
        stdin = Payload("".join("".join(each) for each in given if each is not None))
        arguments: dict[str, Any] = {"_stdin": stdin} if stdin.text else {}
        bits: list[Word] = []
        for each in commands:
            bits += [each, "&&"] if ends else [each, "|| failed=1;"]
        bits = bits[:-1] if ends else ["failed=0;", *bits, "exit $failed"]
        super().__init__(*bits, **arguments)
        self.commands, self.ends = commands, ends

    @classmethod
    def of(cls, commands: Sequence[StringCommand], ends: bool = True) -> Iterator[StringCommand]:
        """Combine as many commands as a host takes: an argument has at most 128 KiB."""
        rest = list(commands)
        while rest:
            count = next(n for n in range(len(rest), 0, -1) if n == 1 or _fits(rest[:n]))
            yield cls(*rest[:count], ends=ends) if count > 1 else rest[0]
            del rest[:count]


def _fits(commands: Sequence[StringCommand]) -> bool:
    return sum(len(shlex.quote(each.get_raw_value())) for each in commands) < 120_000


def shown(command: StringCommand | str) -> str:
    """Spell a command for a person: of our own scripts the name instead of the text."""
    if isinstance(command, Chain):
        return (" && " if command.ends else "; ").join(map(shown, command.commands))
    if isinstance(command, str) or command.bits[:2] != ("sh", "-c"):
        return str(command)
    _, _, _, name, *words = command.bits
    own = f"guard={text('guard')}"
    return str(StringCommand(f"{name}.sh", *(word for word in words if _raw(word) != own)))


def _raw(word: Word) -> str:
    return "".join(map(_raw, word.bits)) if isinstance(word, StringCommand) else str(word)


def quoted(value: object) -> QuoteString:
    """Quote anything that a user wrote as one word; None is an empty word."""
    return QuoteString("" if value is None else str(value))


def word(name: str, value: object) -> StringCommand:
    """Spell a word of a script of ours, ``name=value``."""
    return joined(f"{name}=", quoted(value))


def joined(prefix: str, value: Word) -> StringCommand:
    """Join a prefix of ours and a word: ``--name=`` and its value."""
    return StringCommand(prefix, value, _separator="")


@cache
def text(name: str) -> str:
    """Read one of our own shell scripts, with those that it includes."""
    folder = resources.files("kamalpy.commands") / "scripts"
    whole = (folder / f"{name}.sh").read_text()
    whole = _SOURCED.sub(lambda found: (folder / f"{found[1]}.sh").read_text(), whole)
    return _COMMENT.sub("", whole)
