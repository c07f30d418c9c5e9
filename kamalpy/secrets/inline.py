"""``$(kamal secrets ...)``: recognised and split into words, to be run without a process."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from kamalpy.dotenv import end_of_command

from .shell_text import Token, tokens

_HEAD = re.compile(
    r"\s*(?:bundle\s+exec\s+)?(?:[^\s'\"$|&;<>()]*/)?kamal(?:py)?\s+secrets\s+(?P<verb>\w+)"
)
_BARE = re.compile(
    r"(?P<space>\s+)|(?P<stderr>2>\s*(?:&1|/dev/null))|(?P<operator>\|\|?|[&;<>`])|."
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_IN_DOUBLE_QUOTES = re.compile(r'\\([$`"\\\n])')
_DEFAULT = re.compile(r":-(.*)\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Inline:
    """
    A ``kamal secrets`` command.

    ``operator`` is ``""``, ``|`` or ``||``, and ``rest`` the shell text after it: what reads the
    output, or runs if there is none.
    """

    words: tuple[str, ...] = field(repr=False)
    operator: str = ""
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the words of a command get the values of variables and inner commands."""

    variable: Callable[[str, str | None], str]
    command: Callable[[str], str]
    is_whole: Callable[[str], bool]


def verb(text: str) -> str | None:
    """Return the verb of a ``kamal secrets`` command; None for other commands."""
    match = _HEAD.match(text)
    return match["verb"] if match else None


def read(text: str, source: Source) -> Inline | None:
    """Split a command into words; ``None`` if only a shell can run it."""
    match = _HEAD.match(text)
    if match is None:
        return None
    start = match.start("verb")
    reading = _Reading(text[start:], source, keep_whole=match["verb"] == "extract")
    return reading.inline() if reading.run() else None


@dataclass(slots=True, repr=False)
class _Reading:
    text: str
    source: Source
    keep_whole: bool
    words: list[str] = field(default_factory=list)
    word: str | None = None
    operator: str = ""
    rest: str = ""

    def inline(self) -> Inline:
        return Inline(tuple(self.words), self.operator, self.rest)

    def run(self) -> bool:
        until = 0
        for token in tokens(self.text):
            if token.start < until:
                continue
            if token.kind == "nested":
                until = end_of_command(self.text, token.start + 2) or len(self.text)
                self._split(self.source.command(self.text[token.start + 2 : until - 1]), token)
            elif not self._take(token):
                break
        self._end_word()
        return self.operator in {"", "|", "||"}

    def _take(self, token: Token) -> bool:
        """Read one token; false when the command ends, or only a shell can run it."""
        if token.kind == "variable":
            self._variable(token)
        elif token.kind == "name":
            self.operator = token.text
        elif token.kind == "text" and not token.quoting:
            self._bare(token)
        elif token.kind == "mark" and token.text in "'\"" and token.quoting in {"", token.text}:
            self._add("")
        elif token.kind != "comment" and (token.quoting or token.text != "\\\n"):
            self._add(_unescaped(token))
        return not self.operator

    def _add(self, text: str) -> None:
        self.word = (self.word or "") + text

    def _end_word(self) -> None:
        if self.word is not None:
            self.words.append(self.word)
        self.word = None

    def _bare(self, token: Token) -> None:
        for match in _BARE.finditer(token.text):
            if match["space"] or match["stderr"]:
                self._end_word()
            elif match["operator"]:
                self.operator = match["operator"]
                self.rest = self.text[token.start + match.end() :]
                return
            else:
                self._add(match[0])

    def _variable(self, token: Token) -> None:
        default = _DEFAULT.search(token.text)
        name = token.variable
        value = self.source.variable(name, default[1] if default else None)
        if self.keep_whole or self.source.is_whole(name):
            self._add(value)
        else:
            self._split(value, token)

    def _split(self, value: str, token: Token) -> None:
        if token.quoting:
            self._add(value)
            return
        for piece in re.split(r"(\s+)", value):
            if piece.isspace():
                self._end_word()
            elif piece:
                self._add(piece)


def _unescaped(token: Token) -> str:
    text = token.text[1:] if token.kind == "dollar" else token.text
    if token.quoting == "'" or token.kind not in {"dollar", "pair"}:
        return text
    pattern = _IN_DOUBLE_QUOTES if token.quoting else _ESCAPED
    return pattern.sub(lambda m: "" if m[1] == "\n" else m[1], text)
