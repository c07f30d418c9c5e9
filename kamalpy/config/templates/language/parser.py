"""A program's tokens to a tree: statements, conditions, loops, methods."""

from __future__ import annotations

from kamalpy.config.templates.erb import Program, Text
from kamalpy.config.templates.limits import Meter

from .control import Control
from .lexer import Lexer
from .tokens import Kind, Token
from .tree import (
    Begin,
    Body,
    Echoed,
    If,
    Node,
    Not,
    Put,
    Splat,
    While,
)


def parse(program: Program, meter: Meter, known: frozenset[str] = frozenset()) -> Body:
    """Read a whole program; ``known`` are the local variables it finds."""
    parser = Parser(Lexer(program, meter).read(), meter)
    parser.scopes[0].update(known)
    body = parser.statements()
    if parser.token.kind is not Kind.END:
        raise parser.unexpected()
    return body


class Parser(Control):
    """Reads statements."""

    def statements(self, *ends: str) -> Body:
        """Read statements up to one of these words, which stays."""
        at = self.token.start
        found: list[Node] = []
        while True:
            self.skip_separators()
            if self.token.kind in (Kind.END, Kind.CLOSE) or self.sees(*ends):
                return Body(at, tuple(found))
            found.append(self.statement())
            stops = self.token.kind in (Kind.SEPARATOR, Kind.END, Kind.CLOSE) or self.sees(*ends)
            if not stops:
                raise self.unexpected()

    def statement(self) -> Node:
        """Read one statement with the modifiers behind it."""
        value = self.token.value
        if isinstance(value, Text):
            return Put(self.take().start, value)
        if self.token.kind is Kind.OPEN:
            return self._echo()
        star = self.accept("*")
        node = self.expression_statement()
        if star or self.sees(","):
            node = self.spread(Splat(star.start, self.target(node)) if star else node)
        while self.sees("if", "unless", "while", "until", "rescue"):
            node = self._modified(node)
        return node

    def _echo(self) -> Node:
        at = self.take().start
        body = self.statements()
        if self.token.kind is not Kind.CLOSE:
            raise self.unexpected()
        self.take()
        return Echoed(at, body)

    def _modified(self, node: Node) -> Node:
        if self.sees("rescue"):
            return self.rescued(node)
        word = self.take()
        condition = self.expression_statement()
        if word.value in ("unless", "until"):
            condition = Not(word.start, condition)
        if word.value in ("if", "unless"):
            return If(word.start, ((condition, node),), None)
        return While(word.start, condition, node, first=isinstance(node, Begin))

    def embedded(self, tokens: tuple[Token, ...]) -> Node:
        """Read the code of ``#{}`` in a string."""
        before = self.reading(tokens)
        with self.nested(), self.between_brackets():
            body = self.statements()
            if self.token.kind is not Kind.END:
                raise self.unexpected()
        self.reading(*before)
        return body
