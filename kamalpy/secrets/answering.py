"""What ``kamal secrets fetch`` and ``kamal secrets extract`` say, given their words."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from typing import NoReturn

from kamalpy.errors import SecretError

from .extract import extract
from .fetching import Fetcher, Request

_HARMLESS = re.compile(r"^the following arguments are required|: expected one argument$")


class _Words(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        # Other messages repeat words, and a word may be the result of a fetch.
        if not _HARMLESS.search(message):
            message = "has words that are not understood"
        raise SecretError(f"{self.prog}: {message}")


def answer(words: Sequence[str], fetcher: Fetcher) -> str:
    """Answer a command; ``words`` begin with its verb."""
    if words[0] == "fetch":
        found = fetcher.fetch(request_of(words))
        return json.dumps(found, separators=(",", ":"), ensure_ascii=False)
    if words[0] == "extract":
        return extract(*_extract_words(words))
    raise SecretError(f"kamal secrets {words[0]} gives no secret; use fetch or extract")


def request_of(words: Sequence[str]) -> Request:
    """Read the words of a fetch."""
    parser = _parser("fetch")
    parser.add_argument("-a", "--adapter", required=True)
    parser.add_argument("--account")
    parser.add_argument("--from", dest="source")
    parser.add_argument("names", nargs="*")
    read = parser.parse_intermixed_args(words[1:])
    return Request(read.adapter, read.account or None, read.source, tuple(read.names))


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
