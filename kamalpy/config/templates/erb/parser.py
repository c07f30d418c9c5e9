"""Parses statements: from a template to its tree."""

from __future__ import annotations

from kamalpy.config.templates.limits import Meter
from kamalpy.config.templates.template_errors import UnsupportedError

from . import nodes
from .expressions import Expressions
from .lexer import tokenize
from .nodes import Call, Node
from .tokens import Kind, Token

_MACRO = "{% macro name(x) %}...{% endmacro %}"
_LOOP = "{% for item in items %}...{% endfor %}"
_UNSUPPORTED: dict[str, tuple[str, str]] = {
    "->": ("a lambda", _MACRO),
    "class": ("a class of its own", _MACRO),
    "def": ("a method of its own", _MACRO),
    "defined?": ("`defined?`", "{% if name is defined %}"),
    "for": ("a `for` loop (list.each do |item| is)", _LOOP),
    "in": ("matching by pattern (case ... in)", "{% if %}...{% elif %}"),
    "module": ("a module of its own", _MACRO),
    "until": ("an `until` loop (list.each do |item| is)", _LOOP),
    "while": ("a `while` loop (list.each do |item| is)", _LOOP),
} | {
    word: (f"`{word}`", "{% if %}...{% endif %}")
    for word in ("alias", "BEGIN", "break", "END", "redo", "retry", "return", "self", "yield")
}


def parse(
    template: str, meter: Meter, *, trim: bool = True, variables: frozenset[str] = frozenset()
) -> Node:
    """Parse a whole template; ``variables`` are the local variables that exist already."""
    parser = Parser(tokenize(template, meter, trim=trim), meter)
    parser.scopes[0].update(variables)
    body = parser.statements()
    if parser.token.kind is not Kind.END:
        raise parser.unexpected()
    return body


class Parser(Expressions):
    """Parses statements."""

    def statements(self, *ends: str) -> Node:
        """Parse statements up to one of these words."""
        at = self.token.start
        found: list[Node] = []
        while True:
            self.skip_lines(("\n", ";"))
            if self.is_last() or self.sees(*ends):
                return nodes.Sequence(at, tuple(found))
            if self.token.kind in (Kind.TEXT, Kind.OPEN):
                found.append(self._tag(self.take()))
                continue
            found.append(self._statement())
            if not self.ends_statement() and not self.sees(*ends):
                raise self.unexpected()

    def _tag(self, token: Token) -> Node:
        if token.kind is Kind.TEXT:
            text = nodes.Literal(token.start, token.value)
            return nodes.Output(token.start, text, is_text=True)
        body = self.statements()
        if self.token.kind is not Kind.CLOSE:
            raise self.unexpected()
        self.take()
        return nodes.Output(token.start, body)

    def _statement(self) -> Node:
        """Parse one statement with the modifiers behind it."""
        node = self.logical_expression()
        if self.sees(","):
            node = self._multiple_assignment(node)
        while self.sees("if", "unless", "while", "until", "rescue"):
            if self.sees("rescue"):
                node = self.rescue_modifier(node)
            elif self.sees("while", "until"):
                node = self.keyword()
            else:
                word = self.take()
                node = nodes.If(word.start, ((self._condition(word), node),))
        return node

    def _multiple_assignment(self, first: Node) -> Node:
        """Parse ``, b = values`` behind the first of several targets."""
        if isinstance(first, nodes.Assignment):
            raise self.unexpected()
        targets = [self.target(first)]
        while self.accept(","):
            targets.append(self.target(self.primary()))
        at = self.expect("=").start
        values = self._values()
        value = values[0] if len(values) == 1 else nodes.ArrayLiteral(at, values)
        return nodes.Assignment(at, nodes.ArrayLiteral(at, tuple(targets)), value)

    def _values(self) -> tuple[Node, ...]:
        values = [self.expression()]
        while self.accept(","):
            self.skip_lines()
            values.append(self.expression())
        return tuple(values)

    def _condition(self, word: Token) -> Node:
        condition = self.logical_expression()
        return Call(word.start, condition, "!") if word.value == "unless" else condition

    def keyword(self) -> Node:
        """Parse what begins with a keyword."""
        word = str(self.token.value) if self.sees(str(self.token.value)) else ""
        if word in _UNSUPPORTED:
            raise UnsupportedError(*_UNSUPPORTED[word], self.token.start)
        parsers = {
            "if": self._if,
            "unless": self._if,
            "case": self._case,
            "begin": self._begin,
            "next": self._next,
        }
        if word not in parsers:
            raise self.unexpected()
        with self.nested():
            return parsers[word](self.take())

    def _if(self, word: Token) -> Node:
        branches = [self._branch(self._condition(word), "elsif")]
        while other := self.accept("elsif"):
            branches.append(self._branch(self._condition(other), "elsif"))
        return nodes.If(word.start, tuple(branches), self._otherwise(word))

    def _branch(self, condition: Node, following: str) -> tuple[Node, Node]:
        self.skip_lines(("\n", ";"))
        self.accept("then")
        return condition, self.statements(following, "else", "end")

    def _otherwise(self, word: Token) -> Node | None:
        otherwise = self.statements("end") if self.accept("else") else None
        self.expect("end", word)
        return otherwise

    def _case(self, word: Token) -> Node:
        """Parse ``case`` as ``if``: the subject becomes a variable that Ruby could not name."""
        subject = nodes.Variable(word.start, f"case {word.start}")
        value = self.logical_expression()
        self.skip_lines(("\n", ";"))
        branches = []
        while when := self.accept("when"):
            first, *others = (Call(each.at, each, "===", (subject,)) for each in self._values())
            condition: Node = first
            for other in others:
                condition = nodes.Logical(when.start, "||", condition, other)
            branches.append(self._branch(condition, "when"))
        if self.sees("in"):
            return self.keyword()
        if not branches:
            raise self.unexpected("where `when` should be")
        chosen = nodes.If(word.start, tuple(branches), self._otherwise(word))
        return nodes.Sequence(word.start, (nodes.Assignment(word.start, subject, value), chosen))

    def _begin(self, word: Token) -> Node:
        body = self.with_rescue()
        self.expect("end", word)
        return body

    def with_rescue(self) -> Node:
        """Parse statements with ``rescue`` and ``ensure`` behind them."""
        body = self.statements("rescue", "ensure", "end")
        rescues = []
        while self.accept("rescue"):
            ends = self.ends_statement() or self.sees("=>", "then")
            kinds = () if ends else self._values()
            target = self.target(self.primary()) if self.accept("=>") else None
            self.accept("then")
            rescues.append((kinds, target, self.statements("rescue", "ensure", "end")))
        ensure = self.statements("end") if self.accept("ensure") else None
        if rescues or ensure:
            return nodes.Begin(body.at, body, tuple(rescues), ensure)
        return body

    def _next(self, word: Token) -> Node:
        if len(self.scopes) == 1:
            what = "`next` outside of a block"
            raise UnsupportedError(what, "{% if %}...{% endif %}", word.start)
        ends = self.ends_statement() or self.sees("if", "unless", "}", "end")
        return nodes.Next(word.start, None if ends else self.expression())
