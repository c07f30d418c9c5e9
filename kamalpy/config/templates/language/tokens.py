"""The words that a program of Ruby is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from kamalpy.config.templates.erb import Text

KEYWORDS = frozenset({
    "alias", "and", "begin", "BEGIN", "break", "case", "class", "def", "defined?", "do", "else",
    "elsif", "end", "END", "ensure", "false", "for", "if", "in", "module", "next", "nil", "not",
    "or", "redo", "rescue", "retry", "return", "self", "super", "then", "true", "undef",
    "unless", "until", "when", "while", "yield", "__FILE__", "__LINE__", "__method__",
})  # fmt: skip
VALUE_KEYWORDS = frozenset({
    "end", "false", "nil", "self", "true", "__FILE__", "__LINE__", "__method__",
})  # fmt: skip


class Kind(Enum):
    """What a token is."""

    NUMBER = "number"
    STRING = "string"
    SYMBOL = "symbol"
    REGEXP = "regular expression"
    COMMAND = "command"
    WORDS = "list of words"
    NAME = "name"
    CONSTANT = "constant"
    INSTANCE = "instance variable"
    GLOBAL = "global variable"
    LABEL = "label"
    KEYWORD = "keyword"
    OPERATOR = "operator"
    SEPARATOR = "end of the line"
    TEXT = "text"
    OPEN = "opening <%="
    CLOSE = "end of the tag"
    END = "end of the template"


@dataclass(frozen=True, slots=True)
class Token:
    """One word: its value, where it stands, and whether blanks stand around it."""

    kind: Kind
    value: TokenValue
    start: int
    end: int
    spaced: bool = False
    followed: bool = False

    @property
    def words(self) -> str:
        """How a message names it."""
        if self.kind in _NAMED:
            return f"`{self.value}`"
        return f"the {self.kind.value}"


@dataclass(frozen=True, slots=True)
class Quoted:
    """The inside of quotes: text, and tokens where ``#{}`` stands."""

    parts: tuple[str | tuple[Token, ...], ...]
    flags: str = ""


TokenValue: TypeAlias = str | int | float | Quoted | tuple[Quoted, ...] | Text | None

_NAMED = frozenset(
    {
        Kind.NUMBER,
        Kind.NAME,
        Kind.CONSTANT,
        Kind.INSTANCE,
        Kind.GLOBAL,
        Kind.KEYWORD,
        Kind.OPERATOR,
    }
)
