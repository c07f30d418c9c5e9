"""The lines of a dotenv file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .command_end import end_of_command

# dotenv's own pattern, with one repair: a double-quoted value ends at the first quote that is not
# escaped, if that makes a line; dotenv may run on to a later one.
_LINE = re.compile(
    r"""
    ^ \s*
    (?P<export> export\s+ )?
    (?P<name> [\w.]+ )
    (?:
      (?: \s*=\s*? | :\s+? )
      (?P<value>
          \s* ' (?: \\' | [^'] )* '
        | \s* " (?: \\. | [^"\\] )* "
        | \s* " (?: \\" | [^"] )* "
        | [^#\n]+
      )?
    )?
    \s*
    (?: \# [^\n]* )?
    $
    """,
    re.VERBOSE | re.MULTILINE | re.ASCII | re.DOTALL,
)
_QUOTED = re.compile(r"(['\"])(.*)\1", re.DOTALL)
_SPACES = "\0\t\n\v\f\r "
_MASK = "\1"
_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+,=-]+")
_IN_DOUBLE_QUOTES = re.compile(r'["\\$]')


@dataclass(frozen=True, slots=True)
class Line:
    """One definition: what stands between the quotes, before anything is replaced in it."""

    name: str
    number: int
    text: str = field(repr=False)
    quote: str = ""
    is_set: bool = True


def parse(text: str) -> tuple[Line, ...]:
    """Return the definitions of a file; other lines are skipped, as Kamal skips them."""
    return tuple(_lines(text))


def is_name(name: str) -> bool:
    """Tell whether a dotenv file can define this name."""
    return re.fullmatch(r"[\w.]+", name, re.ASCII) is not None


def quote(value: str) -> str | None:
    """Quote a value so that parsing returns it; ``None`` for one with a carriage return."""
    if "\r" in value:
        return None
    if _PLAIN.fullmatch(value):
        return value
    if "'" not in value and not value.endswith("\\"):
        return f"'{value}'"
    return f'"{_escaped(value)}"'


def _escaped(value: str) -> str:
    return _IN_DOUBLE_QUOTES.sub(r"\\\g<0>", value)


def _lines(text: str) -> Iterator[Line]:
    text = re.sub(r"\r\n?", "\n", text.removeprefix("\ufeff"))
    known: set[str] = set()
    number = at = 0
    for match in _LINE.finditer(_masked(text)):
        name = match["name"]
        number += text.count("\n", at, match.start("name"))
        at = match.start("name")
        if match["value"] is not None:
            start, end = match.span("value")
            yield _line(name, number + 1, text[start:end])
        elif not match["export"]:
            yield Line(name, number + 1, "")
        elif name not in known:
            yield Line(name, number + 1, "", is_set=False)
        known.add(name)


def _line(name: str, number: int, raw: str) -> Line:
    stripped = raw.strip(_SPACES)
    quoted = _QUOTED.fullmatch(stripped)
    if quoted is None:
        return Line(name, number, stripped)
    return Line(name, number, quoted[2], quoted[1])


def _masked(text: str) -> str:
    """Hide every ``#`` that stands in a command, so that it does not begin a comment."""
    return "\n".join(_masked_line(line) for line in text.split("\n"))


def _masked_line(line: str) -> str:
    at = 0
    while (start := line.find("$(", at)) >= 0:
        end = end_of_command(line, start + 2)
        if end is None or line[start - 1 : start] == "\\":
            at = start + 2
            continue
        line = line[:start] + line[start:end].replace("#", _MASK) + line[end:]
        at = end
    return line
