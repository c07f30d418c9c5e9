"""What the parser reads: the tags of a template, as Ruby's ERB splits them, and their code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from kamalpy.config.templates.context import Meter
from kamalpy.config.templates.template_errors import LimitError, RubyError, UnexpectedTokenError

# Kamal's trim mode: <%- takes the spaces before it, where a line or the text behind a tag begins.
_INDENT = r"(?:(?:^|(?<=%>)|(?<=<%%))[ \t]*(?=<%-))?"
_CODE = r"(?P<code>(?:%%>|(?!%%>).)*?)"
_TAG_TRIM = re.compile(
    rf"{_INDENT}<%(?:%|(?P<kind>[-=#]?){_CODE}(?:(?P<close>-?%>)(?:(?<=-%>)\r?\n)?|\Z))",
    re.MULTILINE | re.DOTALL,
)
_TAG = re.compile(rf"<%(?:%|(?P<kind>[=#]?){_CODE}(?:(?P<close>%>)|\Z))", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a template with its offset; ``tag`` is ``<%``, ``<%=``, or nothing for text."""

    tag: str
    text: str
    start: int


def split_tags(template: str, *, trim: bool = True) -> Iterator[Segment]:
    """Split a template; ``trim`` is Kamal's trim mode ``-``, which accessory files do not have."""
    text, start, at = "", 0, 0
    for tag in (_TAG_TRIM if trim else _TAG).finditer(template):
        text += template[at : tag.start()]
        at = tag.end()
        if tag["kind"] is None:
            text += "<%"
            continue
        if text:
            yield Segment("", text, start)
        code, opening = tag["code"].replace("%%>", "%>"), tag.start("kind") - 2
        if not tag["close"]:
            yield _unclosed(template, code, opening)
        elif tag["kind"] != "#":
            if code.endswith("-") and not trim:
                what = "-%> trims in deploy.yml, not in an accessory's file"
                raise RubyError("SyntaxError", what, "write %>", opening)
            yield Segment("<%=" if tag["kind"] == "=" else "<%", code, tag.start("code"))
        text, start = "", at
    if text + template[at:]:
        yield Segment("", text + template[at:], start)


def _unclosed(template: str, code: str, start: int) -> Segment:
    # Ruby writes the rest of the file as text; outside of a YAML comment nobody wants that.
    if template[template.rfind("\n", 0, start) + 1 : start].lstrip().startswith("#"):
        return Segment("", code, len(template) - len(code))
    raise RubyError("SyntaxError", "the tag that begins here has no end", "write %>", start)


_SPACES = re.compile(r"(?:[ \t\r\f\v]|\\\r?\n)*(?:#[^\n]*)?")
_LINES = re.compile(r"(?:\s|\\\r?\n|#[^\n]*)*")
_SEPARATORS = re.compile(r"(?:[\s;]|\\\r?\n|#[^\n]*)*")
_TOKEN = re.compile(r"\w+[?!]?|\*\*|\S")
_MAX_NESTING = 75


@cache
def words(*keywords: str) -> re.Pattern[str]:
    """Return the pattern of some keywords."""
    return re.compile(rf"(?:{'|'.join(map(re.escape, keywords))})(?!\w|[?!]|:(?!:))")


class Scanner:
    """A position in a template: ``code`` is that of the current tag, ``at`` the place in it."""

    def __init__(self, template: str, meter: Meter, *, trim: bool) -> None:
        self.meter = meter
        self.code = ""
        self.at = 0
        self.commented = False  # a comment continues behind its tag, up to the end of the line
        self._base = self._depth = self._locked = 0
        self._segments = list(split_tags(template, trim=trim))[::-1]

    @property
    def offset(self) -> int:
        """The offset in the template."""
        return self._base + self.at

    def next_segment(self) -> Segment | None:
        """Take the next text or tag, unless this one has to be read to its end."""
        while self._segments and not self._locked:
            segment = self._segments.pop()
            if self.commented:
                self.commented = "\n" not in segment.text
                continue
            if segment.tag:
                self.code, self.at, self._base = segment.text, 0, segment.start
            return segment
        return None

    def skip(self, pattern: re.Pattern[str] = _SPACES) -> None:
        """Skip spaces and comments."""
        found = pattern.match(self.code, self.at)
        self.at = found.end() if found else self.at
        if found and found[0] and self.at_end():
            self.commented = "#" in found[0].rpartition("\n")[2]

    def skip_lines(self) -> None:
        """Skip line ends where Ruby goes on reading."""
        self.skip(_LINES)

    def skip_separators(self) -> None:
        """Skip line ends and semicolons, and tags that follow each other without text."""
        self.skip(_SEPARATORS)
        while self.at_end() and self._segments and self._segments[-1].tag == "<%":
            if self.next_segment() is None:
                return
            self.skip(_SEPARATORS)

    def at_end(self) -> bool:
        """Tell whether the code of the tag ends here."""
        return self.at >= len(self.code)

    def accept(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Consume what matches behind spaces."""
        self.skip()
        found = pattern.match(self.code, self.at)
        if found:
            self.meter.spend()
            self.at = found.end()
        return found

    def accept_word(self, *keywords: str) -> str:
        """Consume one of these keywords, or return nothing."""
        found = self.accept(words(*keywords))
        return found[0] if found else ""

    def sees(self, *signs: str) -> bool:
        """Tell whether one of these signs or keywords is next."""
        self.skip()
        return any(
            words(sign).match(self.code, self.at)
            if sign.isalpha()
            else self.code.startswith(sign, self.at)
            for sign in signs
        )

    def take(self, sign: str) -> bool:
        """Consume a sign, if it is next."""
        found = self.sees(sign)
        self.at += len(sign) if found else 0
        return found

    def expect(self, sign: str, opening: str = "", start: int = 0) -> None:
        """Consume a sign or keyword that has to be next, as the end of an earlier one."""
        if not self.take(sign):
            if opening and self.at_end():
                raise UnexpectedTokenError(f"`{opening}` has no `{sign}`", start)
            raise self.unexpected(f"where `{sign}` should be")

    def unexpected(self, place: str = "where it cannot be understood") -> UnexpectedTokenError:
        """Return the error for what is next."""
        self.skip()
        found = _TOKEN.match(self.code, self.at)
        text = self._segments and not self._segments[-1].tag and not self._locked
        end = "the text" if text else "the end of the tag"
        what = f"`{found[0]}`" if found else end
        return UnexpectedTokenError(f"{what} stands {place}", self.offset)

    @contextmanager
    def nested(self, *, locked: bool = False) -> Iterator[None]:
        """Go one level deeper, up to a limit; ``locked``: up to the end of the tag at most."""
        self._depth += 1
        self._locked += locked
        if self._depth > _MAX_NESTING:
            how = "split it with local variables"
            raise LimitError("this is nested too deeply", how, self.offset)
        yield
        self._depth -= 1
        self._locked -= locked
