"""The parts of a value: plain text, variables and commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .command_end import end_of_command

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
    """Plain text."""

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
    """``$(`` without its closing parenthesis, and all that follows."""

    text: str


Part = Literal | Variable | Command | Unclosed


def unescape(text: str, *, quote: str, legacy_newlines: bool = False) -> str:
    r"""
    Remove one level of backslashes, as dotenv does before it replaces anything.

    ``\$`` stays for the next step; in double quotes ``\n`` and ``\r`` stay two characters.
    """
    escapes = "$nr" if quote == '"' else "$"
    if quote == '"' and legacy_newlines:
        text = text.replace(r"\n", "\n").replace(r"\r", "\r")
    return re.sub(r"\\(.)", lambda m: m[0] if m[1] in escapes else m[1], text, flags=re.DOTALL)


def parts(text: str) -> tuple[Part, ...]:
    """Split a value, left to right and once: what a command prints is not read again."""
    return tuple(_parts(text))


def variables(text: str) -> Iterator[Part]:
    """Split text into literals and variables; ``$(`` has no meaning here."""
    at = 0
    for match in _DOLLAR.finditer(text):
        yield Literal(text[at : match.start()])
        yield _variable(match)
        at = match.end()
    yield Literal(text[at:])


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
            yield Unclosed(text[at - 2 :])
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
    r"""Return ``\$(...)`` as text, in which variables are expanded, but no commands."""
    yield Literal("$(")
    yield from variables(text[2:])
