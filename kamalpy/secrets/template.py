"""What stands in a value: plain text, variables and commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .extent import end_of_command

_DOLLAR = re.compile(
    r"""
    (?P<escape> \\ )?
    \$
    (?:
        (?P<command> \( )
      | \{ (?P<guarded> [A-Za-z0-9_]+ ) :- (?P<default> (?: [^{}] | \{ [^{}]* \} )* ) \}
      | \{ (?P<braced> [A-Za-z0-9_]+ ) \}?
      | (?P<bare> [A-Za-z0-9_]+ )
    )?
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Literal:
    """Text that is meant as it stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Variable:
    """``$NAME``, ``${NAME}`` or ``${NAME:-default}``."""

    name: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """``$(text)``."""

    text: str


@dataclass(frozen=True, slots=True)
class Unclosed:
    """``$(`` without its closing parenthesis: a command that somebody forgot to finish."""


Part = Literal | Variable | Command | Unclosed


def unescape(text: str, *, quote: str, legacy_newlines: bool = False) -> str:
    r"""
    Take one level of backslashes away, as dotenv does: before anything is replaced.

    ``\$`` stays for the next step; in double quotes ``\n`` and ``\r`` stay two characters.
    """
    kept = "$nr" if quote == '"' else "$"
    if quote == '"' and legacy_newlines:
        text = text.replace(r"\n", "\n").replace(r"\r", "\r")
    return re.sub(r"\\(.)", lambda m: m[0] if m[1] in kept else m[1], text, flags=re.DOTALL)


def parts(text: str) -> tuple[Part, ...]:
    """Take a value apart, left to right and once: what a command prints is not read again."""
    return tuple(_parts(text))


def _parts(text: str) -> Iterator[Part]:
    at = 0
    while (match := _DOLLAR.search(text, at)) is not None:
        if match.start() > at:
            yield Literal(text[at : match.start()])
        at = match.end()
        if not match["command"]:
            yield _variable(match)
            continue
        end = end_of_command(text, at)
        if match["escape"] or text[at : at + 1] == ")":
            yield from _escaped_command(text[at - 2 : end or at])
            at = end or at
        elif end is None:
            yield Unclosed()
            return
        else:
            yield Command(text[at : end - 1])
            at = end
    if text[at:]:
        yield Literal(text[at:])


def _variable(match: re.Match[str]) -> Part:
    name = match["bare"] or match["braced"] or match["guarded"]
    if match["escape"] or name is None:
        return Literal(match[0].removeprefix("\\"))
    return Variable(name, match["default"])


def _escaped_command(text: str) -> Iterator[Part]:
    r"""Give ``\$(...)`` back as text; variables in it are variables still, commands are not."""
    yield Literal("$(")
    at = 2
    for match in _DOLLAR.finditer(text, at):
        yield Literal(text[at : match.start()])
        yield _variable(match)
        at = match.end()
    yield Literal(text[at:])
