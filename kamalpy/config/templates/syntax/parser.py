"""Parses statements: from a template to its tree."""

from __future__ import annotations

from kamalpy.config.templates.limits import Meter
from kamalpy.config.templates.template_errors import UnsupportedError

from .expressions import Expressions
from .lexer import tokenize
from .nodes import (
    ArrayLiteral,
    Assignment,
    Begin,
    Call,
    If,
    Jump,
    Literal,
    Logical,
    Node,
    Output,
    Prefixed,
    Rescue,
    Sequence,
    Variable,
)
from .tokens import Kind, Token

_MACRO = "{% macro name(x) %}...{% endmacro %}"
_LOOP = "{% for item in items %}...{% endfor %}"
_UNSUPPORTED: dict[str, tuple[str, str]] = {
    "->": ("a lambda", _MACRO),
    "alias": ("another name for a method (alias)", _MACRO),
    "class": ("a class of its own", _MACRO),
    "def": ("a method of its own", _MACRO),
    "defined?": ("`defined?`", "{% if name is defined %}"),
    "for": ("a `for` loop (list.each do |item| is)", _LOOP),
    "in": ("matching by pattern (case ... in)", "{% if %}...{% elif %}"),
    "module": ("a module of its own", _MACRO),
    "until": ("an `until` loop (list.each do |item| is)", _LOOP),
    "while": ("a `while` loop (list.each do |item| is)", _LOOP),
} | {
    word: (f"`{word}`", "")
    for word in (
        "BEGIN", "END", "redo", "retry", "return", "self", "super", "undef", "yield",
        "__LINE__", "__method__",
    )
}  # fmt: skip
_MODIFIERS = ("if", "unless", "while", "until", "rescue")


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
            self.skip_separators()
            if self.is_last() or self.sees(*ends):
                return Sequence(at, tuple(found))
            tag = self.token.kind in (Kind.TEXT, Kind.OPEN)
            found.append(self._tag() if tag else self._statement())
            ends_here = tag or self.ends_statement() or self.sees(*ends)
            if not ends_here and self.token.kind not in (Kind.TEXT, Kind.OPEN):
                raise self.unexpected()

    def _tag(self) -> Node:
        token = self.take()
        if token.kind is Kind.TEXT:
            return Output(token.start, Literal(token.start, token.value), is_text=True)
        body = self.statements()
        if self.token.kind is not Kind.CLOSE:
            raise self.unexpected()
        self.take()
        return Output(token.start, body)

    def _statement(self) -> Node:
        """Parse one statement with the modifiers behind it."""
        star = self.accept("*")
        node = self.logical_expression()
        if star or self.sees(","):
            node = self._multiple_assignment(Prefixed(star.start, "*", node) if star else node)
        while self.sees(*_MODIFIERS):
            node = self._modified(node)
        return node

    def _multiple_assignment(self, first: Node) -> Node:
        """Parse ``, b = values`` behind the first target, or ``, 2`` behind ``a = 1``."""
        at = self.token.start
        if isinstance(first, Assignment) and not first.operator:
            return Assignment(first.at, first.target, ArrayLiteral(at, self._values(first.value)))
        targets = [self.target(first)]
        while self.accept(","):
            star = self.accept("*")
            target = self.primary()
            targets.append(self.target(Prefixed(star.start, "*", target) if star else target))
        at = self.expect("=").start
        values = self._values(self._value_or_splat())
        single = len(values) == 1 and not isinstance(values[0], Prefixed)
        value = values[0] if single else ArrayLiteral(at, values)
        return Assignment(at, ArrayLiteral(at, tuple(targets)), value)

    def _values(self, first: Node) -> tuple[Node, ...]:
        values = [first]
        while self.accept(","):
            self.skip_lines()
            values.append(self._value_or_splat())
        return tuple(values)

    def _value_or_splat(self) -> Node:
        star = self.accept("*")
        return Prefixed(star.start, "*", self.expression()) if star else self.expression()

    def _modified(self, node: Node) -> Node:
        if self.sees("rescue"):
            return self.rescue_modifier(node)
        word = self.take()
        if word.value in ("while", "until"):
            raise UnsupportedError(*_UNSUPPORTED[str(word.value)], word.start)
        return If(word.start, ((self._condition(word), node),))

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
            "break": self._jump,
            "next": self._jump,
        }
        if word not in parsers:
            raise self.unexpected()
        with self.nested():
            return parsers[word](self.take())

    def _if(self, word: Token) -> Node:
        branches = [self._branch(self._condition(word), "elsif")]
        while other := self.accept("elsif"):
            branches.append(self._branch(self._condition(other), "elsif"))
        return If(word.start, tuple(branches), self._otherwise(word))

    def _branch(self, condition: Node, following: str) -> tuple[Node, Node]:
        self._then()
        return condition, self.statements(following, "else", "end")

    def _then(self) -> None:
        self.skip_separators()
        self.accept("then")

    def _otherwise(self, word: Token) -> Node | None:
        otherwise = self.statements("end") if self.accept("else") else None
        self.expect_end(word)
        return otherwise

    def _case(self, word: Token) -> Node:
        """Parse ``case`` as ``if``: the subject becomes a variable that has no name in Ruby."""
        subject = None if self.ends_statement() else self.logical_expression()
        name = Variable(word.start, f"case {word.start}")
        self.skip_separators()
        branches = []
        while when := self.accept("when"):
            conditions = self._values(self._value_or_splat())
            if subject is not None:
                conditions = tuple(Call(each.at, each, "===", (name,)) for each in conditions)
            condition = conditions[0]
            for other in conditions[1:]:
                condition = Logical(when.start, "||", condition, other)
            branches.append(self._branch(condition, "when"))
        if self.sees("in"):
            raise UnsupportedError(*_UNSUPPORTED["in"], self.token.start)
        if not branches:
            raise self.unexpected("`when`")
        chosen = If(word.start, tuple(branches), self._otherwise(word))
        assigned = () if subject is None else (Assignment(word.start, name, subject),)
        return Sequence(word.start, (*assigned, chosen))

    def _begin(self, word: Token) -> Node:
        body = self.with_rescue()
        self.expect_end(word)
        return body

    def with_rescue(self) -> Node:
        """Parse statements with ``rescue``, ``else`` and ``ensure`` behind them."""
        body = self.statements("rescue", "else", "ensure", "end")
        rescues = []
        while word := self.accept("rescue"):
            rescues.append(self._rescue(word))
        otherwise = self.statements("ensure", "end") if self.accept("else") else None
        ensure = self.statements("end") if self.accept("ensure") else None
        if rescues or otherwise or ensure:
            return Begin(body.at, body, tuple(rescues), otherwise, ensure)
        return body

    def _rescue(self, word: Token) -> Rescue:
        kinds = []
        while not self.ends_statement() and not self.sees("=>", "then"):
            kinds.append(self.expression())
            self.accept(",")
        target = self.target(self.primary()) if self.accept("=>") else None
        self._then()
        body = self.statements("rescue", "else", "ensure", "end")
        return Rescue(word.start, tuple(kinds), target, body)

    def _jump(self, word: Token) -> Node:
        if len(self.scopes) == 1:
            what = f"`{word.value}` outside of a block"
            raise UnsupportedError(what, "{% if %}...{% endif %}", word.start)
        ends = self.ends_statement() or self.sees("if", "unless", "}", "end", ")")
        return Jump(word.start, str(word.value), None if ends else self.expression())
