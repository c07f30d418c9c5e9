"""What stands between quotes: escapes, and code in ``#{}``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Protocol

from kamalpy.config.templates.erb import Program
from kamalpy.config.templates.trouble import Beyond, RubyError

from .tokens import Kind, Quoted, Token

PAIRS = {"(": ")", "[": "]", "{": "}", "<": ">"}
_SIMPLE = {
    "n": "\n",
    "t": "\t",
    "s": " ",
    "r": "\r",
    "0": "\0",
    "e": "\x1b",
    "a": "\a",
    "b": "\b",
    "v": "\v",
    "f": "\f",
    "\n": "",
}
_CODES = re.compile(
    r"u\{\s*([0-9a-fA-F]{1,6})\s*\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{1,2})|([0-7]{1,3})"
)
_INSTANCE = re.compile(r"@[^\W\d]\w*")


class Reader(Protocol):
    """Whoever reads a program, and is at a place of it."""

    at: int
    program: Program

    def peek(self) -> str:
        """Tell the next character."""

    def embedded(self) -> tuple[Token, ...]:
        """Read code between braces."""


@dataclass(frozen=True, slots=True)
class Style:
    """How the inside of a pair of quotes is read."""

    close: str
    nest: str = ""
    escapes: bool = True
    interpolates: bool = True
    regexp: bool = False


@dataclass(slots=True)
class _Parts:
    done: list[str | tuple[Token, ...]] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    def code(self, tokens: tuple[Token, ...]) -> None:
        self.finish()
        self.done.append(tokens)

    def finish(self) -> tuple[str | tuple[Token, ...], ...]:
        if self.text:
            self.done.append("".join(self.text))
            self.text = []
        return tuple(self.done)


class Quotes:
    """Reads the inside of one pair of quotes, from the lexer's position on."""

    def __init__(self, lexer: Reader, style: Style) -> None:
        self._lexer = lexer
        self._style = style
        self._start = lexer.at
        self._nesting = 0
        self._parts = _Parts()

    def read(self) -> Quoted:
        """Read up to the closing quote, and leave the lexer behind it."""
        while not self._closes():
            self._character(self._take())
        return Quoted(self._parts.finish())

    def _closes(self) -> bool:
        if not self._nesting and self._lexer.peek() == self._style.close:
            self._lexer.at += 1
            return True
        return False

    def _take(self) -> str:
        """One more character, if the quote goes on."""
        character = self._lexer.peek()
        if not character or self._lexer.at in self._lexer.program.inserts:
            raise self._unended()
        self._lexer.at += 1
        return character

    def _unended(self) -> RubyError:
        error = RubyError(
            "SyntaxError",
            "the quote that begins here has no end",
            f"close it with {self._style.close} before the end of the tag",
        )
        error.offset = self._start - 1
        return error

    def _character(self, character: str) -> None:
        style = self._style
        if character == "\\":
            self._parts.text.append(self._escape(self._take()))
        elif character == "#" and style.interpolates and self._lexer.peek() in ("{", "@", "$"):
            self._interpolate()
        else:
            if style.nest:
                self._nesting += (character == style.nest) - (character == style.close)
            self._parts.text.append(character)

    def _interpolate(self) -> None:
        lexer = self._lexer
        if lexer.peek() == "{":
            self._parts.code(lexer.embedded())
            return
        name = _INSTANCE.match(lexer.program.source, lexer.at)
        if lexer.peek() == "$":
            raise Beyond('a global variable in "#$..."', offset=lexer.at - 1)
        if name is None:
            self._parts.text.append("#")
            return
        end = name.end()
        variable = Token(Kind.INSTANCE, name[0], lexer.at, end)
        self._parts.code((variable, Token(Kind.END, None, end, end)))
        lexer.at = end

    def _escape(self, character: str) -> str:
        style = self._style
        if style.regexp:
            return "/" if character == "/" else "\\" + character
        if not style.escapes:
            kept = character in ("\\", style.close, style.nest)
            return character if kept else "\\" + character
        if not character.isalnum() or (character in _SIMPLE and not self._octal(character)):
            return _SIMPLE.get(character, character)
        return self._code(character)

    def _octal(self, character: str) -> bool:
        return character == "0" and self._lexer.peek() in tuple("01234567")

    def _code(self, character: str) -> str:
        found = _CODES.match(self._lexer.program.source, self._lexer.at - 1)
        if found is None:
            if character in "uxcCM":
                raise Beyond(f"the escape \\{character}", offset=self._lexer.at - 2)
            return character
        self._lexer.at = found.end()
        hexadecimal = found[1] or found[2] or found[3]
        number = int(hexadecimal, 16) if hexadecimal else int(found[4], 8)
        bytewise = number > 0x7F and not (found[1] or found[2])
        if bytewise or 0xD800 <= number <= 0xDFFF or number > 0x10FFFF:
            raise Beyond(f"the escape \\{found[0]}", offset=found.start() - 1)
        return chr(number)
