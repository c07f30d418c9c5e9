"""Which fetches a file is going to make, as far as that can be told beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kamalpy.dotenv import Command, Line, parts, unescape
from kamalpy.errors import SecretError

from . import inline
from .answering import request_of
from .fetching import Request


def requests(
    lines: Iterable[Line], environ: Mapping[str, str], encrypted: Iterable[str]
) -> Iterator[Request]:
    """Read the fetches whose words are all known: they name no variable of a file."""
    lines = tuple(lines)
    source = _known_words({line.name for line in lines} | set(encrypted), environ)
    for line in lines:
        if line.quote == "'" or "$(" not in line.text:
            continue
        for part in parts(unescape(line.text, quote=line.quote)):
            if isinstance(part, Command) and inline.verb(part.text) == "fetch":
                yield from _request(part.text, source)


def _request(text: str, source: inline.Source) -> Iterator[Request]:
    try:
        spoken = inline.read(text, source)
        if spoken is not None:
            yield request_of(spoken.words)
    except SecretError:
        return  # its line will say why


def _known_words(defined: set[str], environ: Mapping[str, str]) -> inline.Source:
    def variable(name: str, default: str | None) -> str:
        if name in defined or name not in environ:
            raise SecretError(f"{name} is not known yet")
        return environ[name] or default or ""

    def command(text: str) -> str:
        raise SecretError(f"{text} has not run yet")

    return inline.Source(variable, command, lambda name: False)
