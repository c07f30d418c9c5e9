"""Parses literals: numbers, strings in all quotes, symbols, regular expressions."""

from __future__ import annotations

import re
from abc import abstractmethod

from kamalpy.config.templates.template_errors import LimitError, RubyError, UnsupportedError

from . import nodes
from .nodes import Literal, Node
from .scanner import Scanner
from .values import Symbol

_NUMBER = re.compile(r"-?\d[\d_]*(?:\.\d+)?(?!\w)")
_VARIABLE = re.compile(r"@[^\W\d]\w*")
_QUOTE = re.compile(r"[\"'`]|/|%([wWiIqQxr]?)([^\w\s])")
_SYMBOL = re.compile(r":([^\W\d]\w*[?!]?|\[\]|[+\-*/%<>]|==|<<)")
_HEREDOC = re.compile(r"<<[~-]?(?:[A-Z_]\w*|\"\w+\"|'\w+')")
_FLAGS = re.compile(r"[a-z]*")
_ESCAPES = dict(zip("ntsreabvf0", "\n\t \r\x1b\a\b\v\f\0", strict=True)) | {"\n": ""}
_PAIRS = {"(": ")", "[": "]", "{": "}", "<": ">"}
_KINDS = {"`": "command", "x": "command", "/": "regexp", "r": "regexp"}
_PLAIN = ("'", "w", "i", "q")


class Literals(Scanner):
    """Parses literals."""

    @abstractmethod
    def statements(self, *ends: str) -> Node:
        """Parse statements up to one of these words."""

    def literal(self) -> Node | None:
        """Parse a literal or an ``@instance`` variable, if one is next."""
        start = self.offset
        if variable := self.accept(_VARIABLE):
            return nodes.Variable(start, variable[0])
        if number := self.accept(_NUMBER):
            return Literal(start, _number(number[0].replace("_", ""), start))
        if symbol := self.accept(_SYMBOL):
            return Literal(start, Symbol(symbol[1]))
        if quote := self.accept(_QUOTE):
            return self._string(quote[1] or quote[0], quote[2] or quote[0][-1], start)
        if _HEREDOC.match(self.code, self.at):
            raise UnsupportedError("a here-document (<<~)", "{% set text %}...{% endset %}", start)
        return None

    def _string(self, letter: str, quote: str, start: int) -> Node:
        kind, plain = _KINDS.get(letter, "string"), letter in _PLAIN
        parts = self._quoted(start, quote, plain=plain, regexp=kind == "regexp")
        text = "".join(str(part.value) for part in parts if isinstance(part, Literal))
        is_plain = all(isinstance(part, Literal) for part in parts)
        if letter in ("w", "W", "i", "I"):
            if not is_plain:
                raise UnsupportedError(f"code in %{letter}[]", "{{ [name, other] }}", start)
            make = Symbol if letter in "iI" else str
            words = tuple(Literal(start, make(word)) for word in text.split())
            return nodes.ArrayLiteral(start, words)
        if kind == "string" and is_plain:
            return Literal(start, text)
        flags = _FLAGS.match(self.code, self.at) if kind == "regexp" else None
        self.at = flags.end() if flags else self.at
        return nodes.Interpolation(start, parts, kind, flags[0] if flags else "")

    def _quoted(self, start: int, quote: str, *, plain: bool, regexp: bool) -> tuple[Node, ...]:
        """Parse up to the closing quote."""
        close, nest = _PAIRS.get(quote, quote), quote if quote in _PAIRS else ""
        parts: list[Node] = []
        text, depth = "", 0
        while depth or not self.code.startswith(close, self.at):
            character = self._character(start, close)
            depth += (character == nest) - (character == close)
            if character == "#" and not plain and self.code.startswith(("{", "@", "$"), self.at):
                parts += [Literal(start, text), self._interpolated()]
                text = ""
            elif character == "\\":
                text += self._escaped(self._character(start, close), close, nest, plain, regexp)
            else:
                text += character
        self.at += 1
        return (*parts, Literal(start, text))

    def _character(self, start: int, close: str) -> str:
        if self.at_end():
            what = "the quote that begins here has no end"
            how = f"close it with {close} before the end of the tag"
            raise RubyError("SyntaxError", what, how, offset=start)
        self.meter.spend(self.at % 10 == 0)
        self.at += 1
        return self.code[self.at - 1]

    def _interpolated(self) -> Node:
        start = self.offset
        if not self.take("{"):
            raise UnsupportedError("this variable in a string", "{{ name }}", start)
        with self.nested(locked=True):
            body = self.statements("}")
            if self.at_end():
                what = "the #{ that begins here has no end"
                raise RubyError("SyntaxError", what, "write }", offset=start)
            self.expect("}")
        return body

    def _escaped(self, character: str, close: str, nest: str, plain: bool, regexp: bool) -> str:
        if regexp:
            return "/" if character == "/" else "\\" + character
        if plain:
            return character if character in ("\\", close, nest) else "\\" + character
        if character in "uxcCM1234567":
            raise UnsupportedError(f"the escape \\{character}", offset=self.offset - 2)
        return _ESCAPES.get(character, character)


def _number(digits: str, start: int) -> int | float:
    if len(digits) > 1_000:
        raise LimitError("this number is too long", offset=start)
    if re.match(r"-?0\d", digits):
        raise UnsupportedError("an octal number", "{{ 493 }}", start)
    return float(digits) if "." in digits else int(digits)
