"""``$(kamal secrets fetch ...)`` and ``$(kamal secrets extract ...)``, run in this process."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NoReturn

from kamalpy.dotenv import Command, Line, parts, unescape
from kamalpy.errors import SecretError

from . import inline
from .extract import extract
from .fetching import Fetcher, Request

_SAFE_MESSAGE = re.compile(r"^the following arguments are required|: expected one argument$")


class _Words(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        # Other messages repeat words, and a word may be the result of a fetch.
        if not _SAFE_MESSAGE.search(message):
            message = "has words that are not understood"
        raise SecretError(f"{self.prog}: {message}")


def answer(words: Sequence[str], fetcher: Fetcher) -> str:
    """Return the output of a command; ``words`` begin with its name."""
    if words[0] == "fetch":
        found = fetcher.fetch(request_of(words))
        return json.dumps(found, separators=(",", ":"), ensure_ascii=False)
    if words[0] == "extract":
        return extract(*_extract_words(words))
    raise SecretError(f"kamal secrets {words[0]} gives no secret; use fetch or extract")


def request_of(words: Sequence[str]) -> Request:
    """Parse the arguments of a fetch."""
    parser = _parser("fetch")
    parser.add_argument("-a", "--adapter", required=True)
    parser.add_argument("--account")
    parser.add_argument("--from", dest="source")
    parser.add_argument("names", nargs="*")
    read = parser.parse_intermixed_args(words[1:])
    return Request(read.adapter, read.account or None, read.source, tuple(read.names))


def requests(
    lines: Iterable[Line], environ: Mapping[str, str], encrypted: Iterable[str]
) -> Iterator[Request]:
    """List the fetches of a file whose arguments use none of its variables."""
    lines = tuple(lines)
    source = _early_source({line.name for line in lines} | set(encrypted), environ)
    for line in lines:
        if line.quote == "'" or "$(" not in line.text:
            continue
        for part in parts(unescape(line.text, quote=line.quote)):
            if isinstance(part, Command) and inline.verb(part.text) == "fetch":
                yield from _request(part.text, source)


def _extract_words(words: Sequence[str]) -> tuple[str, str]:
    # The result of a fetch is a word that could begin like an option; nothing else has two.
    parser = _parser("extract")
    parser.add_argument("name")
    parser.add_argument("json")
    read = parser.parse_intermixed_args(words[1:])
    return read.name, read.json


def _parser(verb: str) -> argparse.ArgumentParser:
    parser = _Words(f"kamal secrets {verb}", add_help=False, allow_abbrev=False)
    # Kamal's options for all commands are accepted everywhere; none matters here.
    parser.add_argument("-c", "--config-file")
    parser.add_argument("-d", "--destination")
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("-q", "--quiet", action="store_true")
    parser.add_argument("--inline", action="store_true")
    return parser


def _request(text: str, source: inline.Source) -> Iterator[Request]:
    try:
        command = inline.read(text, source)
        if command is not None:
            yield request_of(command.words)
    except SecretError:
        return  # reported with its line


def _early_source(defined: set[str], environ: Mapping[str, str]) -> inline.Source:
    def variable(name: str, default: str | None) -> str:
        if name in defined or name not in environ:
            raise SecretError(f"{name} is not known yet")
        return environ[name] or default or ""

    def command(text: str) -> str:
        raise SecretError(f"{text} has not run yet")

    return inline.Source(variable, command, lambda name: False)
