"""A command line taken apart: flags by name, and the words that are no flags."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from standin.cli.kinds import BOOLEAN, STRINGS, Kind


class UsageError(Exception):
    """The command line is not one that the command takes."""


class Flag(NamedTuple):
    """One ``--name``, what it takes and what it means."""

    name: str
    kind: Kind
    default: Any
    help: str


class Words:
    """What a command line said."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values
        self.given: set[str] = set()
        self.arguments: list[str] = []
        self.help = False

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def parse(flags: Sequence[Flag], line: Sequence[str]) -> Words:
    """Take the line apart, flags and arguments in any order."""
    known = {flag.name: flag for flag in flags}
    words = Words({flag.name: flag.default for flag in flags})
    rest = list(line)
    while rest:
        word = rest.pop(0)
        if word == "--":
            words.arguments += rest
            break
        if word.startswith("--"):
            _long(words, known, word, rest)
        elif word.startswith("-") and word != "-":
            _short(words, word)
        else:
            words.arguments.append(word)
    return words


def _long(words: Words, known: dict[str, Flag], word: str, rest: list[str]) -> None:
    name, equals, text = word[2:].partition("=")
    if not name or name.startswith("-"):
        raise UsageError(f"bad flag syntax: {word}")
    if name == "help":
        words.help = True
        return
    if name not in known:
        raise UsageError(f"unknown flag: --{name}")
    if not equals:
        text = _following(known[name], rest)
    _put(words, known[name], text)


def _following(flag: Flag, rest: list[str]) -> str:
    if flag.kind is BOOLEAN:
        return "true"
    if not rest:
        raise UsageError(f"flag needs an argument: --{flag.name}")
    return rest.pop(0)


def _short(words: Words, word: str) -> None:
    if not word.startswith("-h"):
        raise UsageError(f"unknown shorthand flag: '{word[1]}' in {word}")
    words.help = True


def _put(words: Words, flag: Flag, text: str) -> None:
    try:
        value = flag.kind.parse(text)
    except ValueError as error:
        shown = text.replace("\\", "\\\\").replace('"', '\\"')
        raise UsageError(f'invalid argument "{shown}" for "--{flag.name}" flag: {error}') from error
    if flag.kind is STRINGS and flag.name in words.given:
        value = words.values[flag.name] + value
    words.values[flag.name] = value
    words.given.add(flag.name)
