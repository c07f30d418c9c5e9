"""ERB to one program of Ruby, put together as Ruby's own ERB does it, with every place known."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TypeAlias

_MARK = "\N{SYMBOL FOR SUBSTITUTE}"
_OPENING_TRIM = re.compile(r"^[ \t]*<%-|<%-|<%[%=#]?", re.MULTILINE)
_OPENING_TRIM_HERE = re.compile(r"[ \t]*<%-")
_CLOSING_TRIM = re.compile(r"-%>|%%?>")
_OPENING = re.compile(r"<%[%=#]?")
_CLOSING = re.compile(r"%%?>")
_LINE_END = re.compile(r"\r?\n|\Z")


@dataclass(frozen=True, slots=True)
class Text:
    """Text between tags; it is written out where the program reaches it."""

    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class Echo:
    """An edge of ``<%= %>``: what lies between two of them is written out."""

    opens: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """A tag that Ruby would not take."""

    what: str
    how: str


Insert: TypeAlias = Text | Echo | Fault


@dataclass(slots=True)
class Program:
    """Ruby text; ``inserts`` says which of its characters stand for text or for ``<%= %>``."""

    template: str
    source: str = ""
    inserts: dict[int, Insert] = field(default_factory=dict)
    _starts: list[int] = field(default_factory=list)
    _offsets: list[int] = field(default_factory=list)
    _lines: list[int] = field(default_factory=list)

    def anchor(self, position: int, offset: int) -> None:
        """From this position of the program on, the template is at this offset."""
        self._starts.append(position)
        self._offsets.append(offset)

    def offset(self, position: int) -> int:
        """Where in the template a position of the program comes from."""
        index = bisect_right(self._starts, position) - 1
        if index < 0:
            return 0
        return min(self._offsets[index] + position - self._starts[index], len(self.template))

    def line(self, offset: int) -> int:
        """Line of an offset in the template, from 1."""
        if not self._lines:
            self._lines = [0, *(found.end() for found in re.finditer("\n", self.template))]
        return bisect_right(self._lines, offset)

    def place(self, position: int) -> tuple[int, int]:
        """Line and column in the template, both from 1."""
        offset = self.offset(position)
        line = self.line(offset)
        return line, offset - self._lines[line - 1] + 1


def compile_template(template: str, *, trim: bool = True) -> Program:
    """Find the tags; ``trim`` is Kamal's trim mode for deploy.yml (accessory files have none)."""
    return _Compiler(template, trim).compile()


class _Compiler:
    def __init__(self, template: str, trim: bool) -> None:
        self._template = template
        self._trim = trim
        self._at = 0
        self._program = Program(template)
        self._out: list[str] = []
        self._size = 0
        self._fresh = True
        self._content: list[tuple[str, int]] = []

    def compile(self) -> Program:
        while self._at < len(self._template):
            tag = self._text()
            if tag is not None:
                self._tag(tag)
        self._flush()
        self._program.source = "".join(self._out)
        return self._program

    def _text(self) -> str | None:
        """Read text up to a tag, and answer which tag begins."""
        here = _OPENING_TRIM_HERE.match(self._template, self._at) if self._trim else None
        pattern = _OPENING_TRIM if self._trim else _OPENING
        found = here or pattern.search(self._template, self._at)
        end = found.start() if found else len(self._template)
        self._content.append((self._template[self._at : end], self._at))
        self._at = found.end() if found else end
        if found and found[0] == "<%%":
            self._content.append(("<%", found.start()))
            return None
        return found[0] if found else None

    def _tag(self, opening: str) -> None:
        self._flush()
        tag = "<%" if opening.endswith("-") else opening
        start = self._at - len(opening.lstrip())
        if not self._code():
            self._unclosed(start)
            return
        content, self._content = self._content, []
        if tag != "<%#" and not self._trim and content[-1][0].endswith("-"):
            self._insert(
                Fault("-%> trims in deploy.yml, not in an accessory's file", "write %>"), start
            )
        if tag == "<%=":
            self._begin()
            self._insert(Echo(opens=True), start)
            self._pieces(content)
            self._insert(Echo(opens=False), self._at)
        elif tag == "<%#":
            self._begin()
            self._write("\n" * sum(text.count("\n") for text, _ in content))
        else:
            self._statement(content)
        self._after_tag()

    def _code(self) -> bool:
        """Read code up to the end of the tag; False when it never ends."""
        pattern = _CLOSING_TRIM if self._trim else _CLOSING
        while found := pattern.search(self._template, self._at):
            self._content.append((self._template[self._at : found.start()], self._at))
            self._at = found.end()
            if found[0] != "%%>":
                return True
            self._content.append(("%>", found.start()))
        self._content.append((self._template[self._at :], self._at))
        self._at = len(self._template)
        return False

    def _unclosed(self, start: int) -> None:
        """Ruby writes out what follows; where it is a value, nobody can have meant that."""
        line = self._template[self._template.rfind("\n", 0, start) + 1 : start]
        if not line.lstrip().startswith("#"):
            self._begin()
            self._insert(Fault("the tag that begins here has no end", "write %>"), start)

    def _statement(self, content: list[tuple[str, int]]) -> None:
        self._begin()
        if content and content[-1][0].endswith("\n"):
            text, offset = content.pop()
            self._pieces([*content, (text[:-1], offset)])
            self._end_line()
        else:
            self._pieces(content)

    def _after_tag(self) -> None:
        """``-%>`` takes the end of the line with it."""
        if self._trim and self._template.startswith("-%>", self._at - 3):
            end = _LINE_END.match(self._template, self._at)
            if end:
                self._at = end.end()
                self._end_line()

    def _flush(self) -> None:
        text = "".join(piece for piece, _ in self._content)
        if text:
            self._begin()
            offset = next(at for piece, at in self._content if piece)
            self._insert(Text(text, offset), offset)
            self._write("\n" * text.count("\n"))
        self._content = []

    def _begin(self) -> None:
        if not self._fresh:
            self._write("; ")
        self._fresh = False

    def _end_line(self) -> None:
        self._write("\n")
        self._fresh = True

    def _pieces(self, content: list[tuple[str, int]]) -> None:
        for text, offset in content:
            self._program.anchor(self._size, offset)
            self._write(text)

    def _insert(self, insert: Insert, offset: int) -> None:
        self._program.anchor(self._size, offset)
        self._program.inserts[self._size] = insert
        self._write(_MARK)

    def _write(self, text: str) -> None:
        self._out.append(text)
        self._size += len(text)
