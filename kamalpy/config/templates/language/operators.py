"""Operators, in Ruby's order of precedence."""

from __future__ import annotations

from kamalpy.config.templates.trouble import Beyond

from .grammar import Grammar
from .tokens import Kind
from .tree import (
    Assign,
    Begin,
    Both,
    Call,
    Constant,
    Defined,
    Either,
    If,
    Items,
    Literal,
    Node,
    Not,
    Rescue,
    Span,
    Splat,
    Spread,
    Variable,
)

_LEVELS = (
    ("||",),
    ("&&",),
    ("<=>", "==", "===", "!=", "=~", "!~"),
    ("<", "<=", ">", ">="),
    ("|", "^"),
    ("&",),
    ("<<", ">>"),
    ("+", "-"),
    ("*", "/", "%"),
)
_LEVEL = {sign: level for level, signs in enumerate(_LEVELS) for sign in signs}
_ASSIGNMENTS = ("=", "||=", "&&=", "+=", "-=", "*=", "/=", "%=", "**=", "|=", "&=", "<<=", ">>=")
ABOVE_PIPE = _LEVEL["|"] + 1


class Operators(Grammar):
    """Reads what binds less than a call."""

    def expression_statement(self) -> Node:
        """Read an expression with ``and``, ``or``, ``not``."""
        left = self._negated()
        while word := self.accept("and", "or"):
            self.skip_lines()
            make = Both if word.value == "and" else Either
            left = make(word.start, left, self._negated())
        return left

    def _negated(self) -> Node:
        if word := self.accept("not"):
            with self.nested():
                return Not(word.start, self._negated())
        return self.expression()

    def expression(self) -> Node:
        """Read an assignment, or what may stand on its right side."""
        with self.nested():
            left = self._choice()
            if self.sees(*_ASSIGNMENTS):
                return self._assignment(left)
        return left

    def _assignment(self, left: Node) -> Node:
        target = self.target(left)
        token = self.take()
        self.skip_lines()
        value = self.expression()
        if self.sees("rescue"):
            value = self.rescued(value)
        return Assign(token.start, target, value, str(token.value)[:-1])

    def rescued(self, value: Node) -> Node:
        """Read ``rescue other`` behind a value."""
        at = self.expect("rescue").start
        return Begin(at, value, (Rescue(at, (), None, self.expression()),))

    def target(self, node: Node) -> Variable | Call:
        """What can stand on the left of ``=``."""
        if isinstance(node, Variable):
            return node
        if isinstance(node, Call) and node.receiver is None and not node.arguments:
            self.declare(node.name)
            return Variable(node.at, node.name)
        if isinstance(node, Constant) and "::" not in node.name:
            return Variable(node.at, node.name)
        if isinstance(node, Call) and node.name == "[]":
            return node
        raise Beyond("this assignment", offset=node.at)

    def spread(self, first: Node) -> Node:
        """Read ``, b = values`` behind the first target, or ``, 2`` behind ``a = 1``."""
        at = self.token.start
        if isinstance(first, Assign) and not first.operator:
            values: list[Node] = [first.value]
            while self.accept(","):
                self.skip_lines()
                values.append(self.argument_value())
            return Assign(first.at, first.target, Items(at, tuple(values)))
        targets: list[Variable | Call | Splat] = [self._spread_target(first)]
        while self.accept(","):
            starred = self.accept("*")
            target = self.target(self.primary())
            targets.append(Splat(target.at, target) if starred else target)
        at = self.expect("=").start
        values = [self.argument_value()]
        while self.accept(","):
            values.append(self.argument_value())
        single = len(values) == 1 and not isinstance(values[0], Splat)
        return Spread(at, tuple(targets), values[0] if single else Items(at, tuple(values)))

    def _spread_target(self, node: Node) -> Variable | Call | Splat:
        return node if isinstance(node, Splat) else self.target(node)

    def argument_value(self) -> Node:
        """Read a value that may have a star in front."""
        star = self.accept("*")
        return Splat(star.start, self.expression()) if star else self.expression()

    def _choice(self) -> Node:
        condition = self._span()
        mark = self.accept("?")
        if mark is None:
            return condition
        self.skip_lines()
        yes = self.expression()
        self.skip_lines()
        self.expect(":")
        self.skip_lines()
        return If(mark.start, ((condition, yes),), self.expression())

    def _span(self) -> Node:
        first = self.operand()
        sign = self.accept("..", "...")
        if sign is None:
            return first
        exclusive = sign.value == "..."
        endless = self.token.kind in (Kind.SEPARATOR, Kind.CLOSE, Kind.END)
        if endless or self.sees("]", ")", ",", "then"):
            return Span(sign.start, first, None, exclusive)
        return Span(sign.start, first, self.operand(), exclusive)

    def operand(self, level: int = 0) -> Node:
        """Read operators from this level of precedence on."""
        left = self._unary()
        while (found := self._operator()) is not None and found >= level:
            sign = self.take()
            self.meter.spend()
            self.skip_lines()
            left = _operation(sign.start, str(sign.value), left, self.operand(found + 1))
        return left

    def _operator(self) -> int | None:
        if self.token.kind is not Kind.OPERATOR:
            return None
        return _LEVEL.get(str(self.token.value))

    def _unary(self) -> Node:
        with self.nested():
            sign = self.accept("!", "-", "+", "~", "defined?")
            if sign is None:
                return self._power()
            if sign.value == "!":
                return Not(sign.start, self._unary())
            if sign.value == "defined?":
                return self._defined(sign.start)
            if sign.value == "-" and self.token.kind is Kind.NUMBER and not self.token.spaced:
                return self._negative(sign.start)
            return Call(sign.start, self._unary_operand(), f"{sign.value}@")

    def _defined(self, at: int) -> Node:
        """Read what ``defined?`` asks about: brackets end it."""
        inner = self.bracketed() if self.sees("(") else None
        return Defined(at, self._unary()) if inner is None else self.chain(Defined(at, inner))

    def _unary_operand(self) -> Node:
        return self._unary() if self.sees("-", "+", "!", "~") else self._power()

    def _negative(self, at: int) -> Node:
        """Read ``-2``: a number of its own, but not in ``-2 ** 2``."""
        token = self.take()
        if self.sees("**"):
            self.take()
            power = Call(token.start, Literal(token.start, token.value), "**", (self._unary(),))
            return Call(at, power, "-@")
        if isinstance(token.value, (int, float)):
            return self.chain(Literal(at, -token.value))
        raise self.unexpected()

    def _power(self) -> Node:
        base = self.primary()
        sign = self.accept("**")
        if sign is None:
            return base
        self.skip_lines()
        return Call(sign.start, base, "**", (self._unary(),))


def _operation(at: int, sign: str, left: Node, right: Node) -> Node:
    if sign == "||":
        return Either(at, left, right)
    if sign == "&&":
        return Both(at, left, right)
    if sign in ("!=", "!~"):
        return Not(at, Call(at, left, "==" if sign == "!=" else "=~", (right,)))
    return Call(at, left, sign, (right,))
