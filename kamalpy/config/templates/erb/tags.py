"""The tags of an ERB template: text, code and output, as Ruby's ERB splits them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

_OPENING_TRIM = re.compile(r"^[ \t]*<%-|<%-|<%[%=#]?", re.MULTILINE)
_OPENING_TRIM_HERE = re.compile(r"[ \t]*<%-")
_CLOSING_TRIM = re.compile(r"-%>|%%?>")
_OPENING = re.compile(r"<%[%=#]?")
_CLOSING = re.compile(r"%%?>")
_LINE_END = re.compile(r"\r?\n|\Z")


class Part(Enum):
    """What a segment is."""

    TEXT = "text"
    CODE = "code"
    OUTPUT = "output"
    UNCLOSED = "the tag that begins here has no end"
    TRIMMED = "-%> trims in deploy.yml, not in an accessory's file"


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a template, and its offset."""

    part: Part
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Places:
    """Lines and columns of offsets in a text."""

    breaks: tuple[int, ...]

    def line(self, offset: int) -> int:
        """Return the line, from 1."""
        return bisect_right(self.breaks, offset) + 1

    def column(self, offset: int) -> int:
        """Return the column, from 1."""
        line = self.line(offset)
        return offset - (self.breaks[line - 2] if line > 1 else 0) + 1


def places_in(text: str) -> Places:
    """Find the lines of a text."""
    return Places(tuple(found.end() for found in re.finditer("\n", text)))


def split_tags(template: str, *, trim: bool = True) -> Iterator[Segment]:
    """Split a template; ``trim`` is Kamal's trim mode ``-``, which accessory files do not have."""
    at = 0
    while at < len(template):
        text, start, opening, at = _text(template, at, trim)
        if text:
            yield Segment(Part.TEXT, text, start)
        if opening:
            code, closing, end = _code(template, at, trim)
            yield from _tag(template, opening.strip(), code, closing, at, trim)
            at = end


def _text(template: str, at: int, trim: bool) -> tuple[str, int, str, int]:
    """Return the text up to a tag, its start, the opening of the tag, and where its code begins."""
    text, start = "", at
    while True:
        here = _OPENING_TRIM_HERE.match(template, at) if trim else None
        found = here or (_OPENING_TRIM if trim else _OPENING).search(template, at)
        text += template[at : found.start() if found else len(template)]
        if found is None:
            return text, start, "", len(template)
        if found[0] != "<%%":
            return text, start, found[0], found.end()
        text += "<%"
        at = found.end()


def _code(template: str, at: int, trim: bool) -> tuple[str, str, int]:
    """Return the code of a tag, what closes it (or nothing), and where the text goes on."""
    code = ""
    while found := (_CLOSING_TRIM if trim else _CLOSING).search(template, at):
        code += template[at : found.start()]
        at = found.end()
        if found[0] == "-%>":
            line_end = _LINE_END.match(template, at)
            return code, found[0], line_end.end() if line_end else at
        if found[0] == "%>":
            return code, found[0], at
        code += "%>"
    return code + template[at:], "", len(template)


def _tag(
    template: str, opening: str, code: str, closing: str, at: int, trim: bool
) -> Iterator[Segment]:
    start = at - len(opening)
    if not closing:
        # Ruby writes the rest of the file as text; outside of a YAML comment nobody wants that.
        line = template[template.rfind("\n", 0, start) + 1 : start]
        if not line.lstrip().startswith("#"):
            yield Segment(Part.UNCLOSED, "", start)
        else:
            yield Segment(Part.TEXT, code, at)
    elif not trim and code.endswith("-") and opening != "<%#":
        yield Segment(Part.TRIMMED, "", start)
    elif opening != "<%#":
        yield Segment(Part.OUTPUT if opening == "<%=" else Part.CODE, code, at)
