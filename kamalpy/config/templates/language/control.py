"""Conditions, loops, ``begin``, methods: what begins with a keyword."""

from __future__ import annotations

from kamalpy.config.templates.trouble import Beyond

from .calls import Calls
from .tokens import Kind
from .tree import (
    Begin,
    Block,
    Call,
    Case,
    Define,
    If,
    Jump,
    Node,
    Not,
    Parameter,
    Rescue,
    While,
    Yield,
)

_UNKNOWN = {
    "alias": "another name for a method (alias)",
    "BEGIN": "`BEGIN`",
    "class": "a class of its own",
    "END": "`END`",
    "in": "matching by pattern (case ... in)",
    "module": "a module of its own",
    "redo": "`redo`",
    "retry": "`retry`",
    "self": "`self`",
    "super": "`super`",
    "undef": "`undef`",
}
_GUARDS = ("rescue", "else", "ensure", "end")


_IN_JINJA = {"class": "{% macro name(x) %}...{% endmacro %}", "in": "{% if %}...{% elif %}"}


class Control(Calls):
    """Reads keywords with all that belongs to them."""

    def control(self) -> Node:
        """Read what begins with a keyword."""
        token = self.token
        word = str(token.value) if token.kind is Kind.KEYWORD else ""
        readers = {
            "if": self._if,
            "unless": self._unless,
            "case": self._case,
            "while": self._while,
            "until": self._while,
            "for": self._for,
            "begin": self._begin,
            "def": self._define,
            "yield": self._yield,
            "break": self._jump,
            "next": self._jump,
            "return": self._jump,
        }
        if word in _UNKNOWN:
            raise Beyond(_UNKNOWN[word], _IN_JINJA.get(word, ""), token.start)
        if word not in readers:
            raise self.unexpected()
        with self.nested():
            return readers[word]()

    def _if(self) -> Node:
        word = self.take()
        branches = [self._branch()]
        while self.accept("elsif"):
            branches.append(self._branch())
        otherwise = self.statements("end") if self.accept("else") else None
        self.expect_end(word)
        return If(word.start, tuple(branches), otherwise)

    def _branch(self) -> tuple[Node, Node]:
        condition = self.expression_statement()
        self._then()
        return condition, self.statements("elsif", "else", "end")

    def _then(self) -> None:
        self.skip_separators()
        self.accept("then")

    def _unless(self) -> Node:
        word = self.take()
        condition = Not(word.start, self.expression_statement())
        self._then()
        body = self.statements("else", "end")
        otherwise = self.statements("end") if self.accept("else") else None
        self.expect_end(word)
        return If(word.start, ((condition, body),), otherwise)

    def _case(self) -> Node:
        word = self.take()
        subject = None if self.token.kind is Kind.SEPARATOR else self.expression_statement()
        self.skip_separators()
        branches = []
        while self.accept("when"):
            branches.append(self._when())
        if self.sees("in"):
            raise Beyond(_UNKNOWN["in"], offset=self.token.start)
        if not branches:
            raise self.unexpected("`when`")
        otherwise = self.statements("end") if self.accept("else") else None
        self.expect_end(word)
        return Case(word.start, subject, tuple(branches), otherwise)

    def _when(self) -> tuple[tuple[Node, ...], Node]:
        values = [self.argument_value()]
        while self.accept(","):
            self.skip_lines()
            values.append(self.argument_value())
        self._then()
        return tuple(values), self.statements("when", "else", "end")

    def _while(self) -> Node:
        word = self.take()
        condition = self._condition()
        body = self.statements("end")
        self.expect_end(word)
        if word.value == "until":
            condition = Not(word.start, condition)
        return While(word.start, condition, body)

    def _condition(self) -> Node:
        """Read what stands before ``do``."""
        self.bare += 1
        condition = self.expression_statement()
        self.bare -= 1
        self.accept("do")
        return condition

    def _for(self) -> Node:
        word = self.take()
        names = []
        while self.token.kind is Kind.NAME:
            names.append(Parameter(str(self.token.value)))
            self.declare(str(self.take().value))
            self.accept(",")
        self.expect("in")
        items = self._condition()
        body = self.statements("end")
        self.expect_end(word)
        return Call(word.start, items, "each", (), Block(word.start, tuple(names), body, open=True))

    def _begin(self) -> Node:
        word = self.take()
        body = self.guarded("end")
        self.expect_end(word)
        return body if isinstance(body, Begin) else Begin(body.at, body)

    def guarded(self, end: str) -> Node:
        """Read statements with ``rescue``, ``else`` and ``ensure`` behind them."""
        body = self.statements(*_GUARDS)
        rescues = []
        while self.sees("rescue"):
            rescues.append(self._rescue())
        otherwise = self.statements("ensure", end) if self.accept("else") else None
        ensure = self.statements(end) if self.accept("ensure") else None
        if rescues or otherwise or ensure:
            return Begin(body.at, body, tuple(rescues), otherwise, ensure)
        return body

    def _rescue(self) -> Rescue:
        at = self.take().start
        kinds = []
        while self.token.kind is not Kind.SEPARATOR and not self.sees("=>", "then"):
            kinds.append(self.argument_value())
            self.accept(",")
        name = None
        if self.accept("=>"):
            target = self.target(self.primary())
            name = target.name
        self._then()
        return Rescue(at, tuple(kinds), name, self.statements(*_GUARDS))

    def _define(self) -> Node:
        word = self.take()
        name = self.take()
        if name.kind is not Kind.NAME or self.sees("."):
            raise Beyond("this way to define a method", offset=word.start)
        with self.scope(inherits=False):
            if self.accept("("):
                parameters = self.parameters(")")
            else:
                parameters = () if self.sees("=") else self.parameters()
            if self.accept("="):
                self.skip_lines()
                return Define(word.start, str(name.value), parameters, self.statement())
            body = self.guarded("end")
        self.expect_end(word)
        return Define(word.start, str(name.value), parameters, body)

    def _yield(self) -> Node:
        token = self.take()
        if self.sees("(") and self.token.start == token.end:
            self.take()
            return Yield(token.start, self.listed(")"))
        return Yield(token.start, self.words_arguments() if self._value_follows() else ())

    def _jump(self) -> Node:
        token = self.take()
        value = self.expression() if self._value_follows() else None
        return Jump(token.start, str(token.value), value)

    def _value_follows(self) -> bool:
        ends = self.token.kind in (Kind.SEPARATOR, Kind.END, Kind.CLOSE)
        return not ends and not self.sees("if", "unless", "while", "until", "}", "end", ")")
