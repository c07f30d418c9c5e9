"""The tokens of Ruby code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

KEYWORDS = frozenset({
    "alias", "and", "begin", "BEGIN", "break", "case", "class", "def", "defined?", "do", "else",
    "elsif", "end", "END", "ensure", "false", "for", "if", "in", "module", "next", "nil", "not",
    "or", "redo", "rescue", "retry", "return", "self", "super", "then", "true", "undef",
    "unless", "until", "when", "while", "yield",
})  # fmt: skip


class Kind(Enum):
    """What a token is; those that can end a value come first."""

    NUMBER = "number"
    STRING = "string"
    SYMBOL = "symbol"
    REGEXP = "regular expression"
    COMMAND = "command"
    WORDS = "list of words"
    NAME = "name"
    CONSTANT = "constant"
    VARIABLE = "variable"
    LABEL = "label"
    KEYWORD = "keyword"
    OPERATOR = "operator"
    SEPARATOR = "end of the line"
    TEXT = "text"
    OPEN = "opening <%="
    CLOSE = "end of the tag"
    END = "end of the template"


VALUES = frozenset(list(Kind)[:9])
_SHOWN = (Kind.NUMBER, Kind.NAME, Kind.CONSTANT, Kind.VARIABLE, Kind.KEYWORD, Kind.OPERATOR)


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its value, its place, and whether spaces surround it."""

    kind: Kind
    value: TokenValue
    start: int
    end: int
    spaced: bool = False
    followed: bool = False

    @property
    def description(self) -> str:
        """Name it in a message."""
        return f"`{self.value}`" if self.kind in _SHOWN else f"the {self.kind.value}"


@dataclass(frozen=True, slots=True)
class Quoted:
    """The inside of quotes: text, and the tokens of each ``#{}``."""

    parts: tuple[str | tuple[Token, ...], ...]
    flags: str = ""


TokenValue: TypeAlias = str | int | float | Quoted | None
