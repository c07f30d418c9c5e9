"""The tags of an ERB template: text, code and output, as Ruby's ERB splits them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kamalpy.config.templates.template_errors import RubyError

# Kamal's trim mode: <%- takes the spaces before it, where a line or the text behind a tag begins.
_OPENING_TRIM = re.compile(r"(?:^|(?<=%>)|(?<=<%%))[ \t]*<%-|<%[-%=#]?", re.MULTILINE)
_CLOSING_TRIM = re.compile(r"-%>(?:\r?\n)?|%%?>")
_OPENING = re.compile(r"<%[%=#]?")
_CLOSING = re.compile(r"%%?>")


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a template with its offset; ``tag`` is ``<%``, ``<%=``, or nothing for text."""

    tag: str
    text: str
    start: int


def split_tags(template: str, *, trim: bool = True) -> Iterator[Segment]:
    """Split a template; ``trim`` is Kamal's trim mode ``-``, which accessory files do not have."""
    text, start, at = "", 0, 0
    while found := (_OPENING_TRIM if trim else _OPENING).search(template, at):
        text += template[at : found.start()]
        at = found.end()
        if found[0] == "<%%":
            text += "<%"
            continue
        if text:
            yield Segment("", text, start)
        opening, (code, closing, end) = found[0].strip(), _code(template, at, trim)
        if not closing:
            yield _unclosed(template, code, at, at - len(opening))
        elif not trim and code.endswith("-") and opening != "<%#":
            what = "-%> trims in deploy.yml, not in an accessory's file"
            raise RubyError("SyntaxError", what, "write %>", offset=at - len(opening))
        elif opening != "<%#":
            yield Segment(opening.rstrip("-"), code, at)
        text, start, at = "", end, end
    if text + template[at:]:
        yield Segment("", text + template[at:], start)


def _code(template: str, at: int, trim: bool) -> tuple[str, str, int]:
    """Return the code of a tag, what closes it (or nothing), and where the text goes on."""
    code = ""
    while found := (_CLOSING_TRIM if trim else _CLOSING).search(template, at):
        code += template[at : found.start()]
        at = found.end()
        if found[0] != "%%>":
            return code, found[0], at
        code += "%>"
    return code + template[at:], "", len(template)


def _unclosed(template: str, code: str, at: int, start: int) -> Segment:
    # Ruby writes the rest of the file as text; outside of a YAML comment nobody wants that.
    if template[template.rfind("\n", 0, start) + 1 : start].lstrip().startswith("#"):
        return Segment("", code, at)
    what = "the tag that begins here has no end"
    raise RubyError("SyntaxError", what, "write %>", offset=start)
