"""Parses expressions: operators in Ruby's order of precedence, calls, literals."""

from __future__ import annotations

from abc import abstractmethod

from kamalpy.config.templates.template_errors import UnsupportedError

from . import nodes
from .nodes import Block, Call, Literal, Node
from .token_stream import TokenStream
from .tokens import VALUES, Kind, Quoted, Token
from .values import Symbol

_LEVELS = (
    ("||",),
    ("&&",),
    ("<=>", "==", "===", "!=", "=~", "!~"),
    ("<", "<=", ">", ">="),
    ("|",),
    ("&",),
    ("<<",),
    ("+", "-"),
    ("*", "/", "%"),
)
_LEVEL = {sign: level for level, signs in enumerate(_LEVELS) for sign in signs}
_ASSIGNMENTS = ("=", "||=", "&&=", "+=", "-=", "*=", "/=", "%=")
_WORDS: dict[str, object] = {"nil": None, "true": True, "false": False}
_BEGIN_ARGUMENT = ("nil", "true", "false", "not", "[", "(")
_BEGIN_ARGUMENT_IF_ADJACENT = ("*", "&", "**", "!", "::", "->")
_KINDS = {Kind.COMMAND: "command", Kind.REGEXP: "regexp", Kind.SYMBOL: "symbol"}
_MAX_CHAIN = 100


class Expressions(TokenStream):
    """Parses expressions."""

    @abstractmethod
    def statements(self, *ends: str) -> Node:
        """Parse statements up to one of these words."""

    @abstractmethod
    def with_rescue(self) -> Node:
        """Parse statements with ``rescue`` and ``ensure`` behind them."""

    @abstractmethod
    def keyword(self) -> Node:
        """Parse what begins with a keyword."""

    def logical_expression(self) -> Node:
        """Parse an expression with ``and``, ``or``, ``not``."""
        left = self._negation()
        while word := self.accept("and", "or"):
            self.skip_lines()
            sign = "&&" if word.value == "and" else "||"
            left = nodes.Logical(word.start, sign, left, self._negation())
        return left

    def _negation(self) -> Node:
        if word := self.accept("not"):
            with self.nested():
                return Call(word.start, self._negation(), "!")
        return self.expression()

    def expression(self) -> Node:
        """Parse an assignment, or what may follow ``=``."""
        with self.nested():
            left = self._ternary()
            if not self.sees(*_ASSIGNMENTS):
                return left
            target = self.target(left)
            token = self.take()
            self.skip_lines()
            value = self.expression()
        if self.sees("rescue"):
            value = self.rescue_modifier(value)
        return nodes.Assignment(token.start, target, value, str(token.value)[:-1])

    def rescue_modifier(self, value: Node) -> Node:
        """Parse ``rescue other`` behind a value."""
        at = self.expect("rescue").start
        return nodes.Begin(at, value, (((), None, self.expression()),))

    def target(self, node: Node) -> Node:
        """Return what can be assigned to, from what was parsed as a value."""
        if isinstance(node, Call) and node.receiver is None and not node.arguments:
            self.scopes[-1].add(node.name)
            return nodes.Variable(node.at, node.name)
        if isinstance(node, nodes.Constant) and "::" not in node.name:
            return nodes.Variable(node.at, node.name)
        index = isinstance(node, Call) and node.name == "[]"
        if index or (isinstance(node, nodes.Variable) and node.name[0] != "$"):
            return node
        raise UnsupportedError("this assignment", "{% set name = value %}", node.at)

    def _ternary(self) -> Node:
        condition = self._range()
        mark = self.accept("?")
        if mark is None:
            return condition
        self.skip_lines()
        yes = self.expression()
        self.skip_lines()
        self.expect(":")
        self.skip_lines()
        return nodes.If(mark.start, ((condition, yes),), self.expression())

    def _range(self) -> Node:
        first = None if self.sees("..", "...") else self._operation(0)
        sign = self.accept("..", "...")
        if sign is None:
            return first or self._operation(0)
        endless = self.ends_statement() or self.sees("]", ")", ",", "then")
        last = None if endless else self._operation(0)
        return nodes.RangeLiteral(sign.start, first, last, sign.value == "...")

    def _operation(self, level: int) -> Node:
        """Parse operators from this level of precedence on."""
        left = self._unary()
        while self.token.kind is Kind.OPERATOR:
            sign = str(self.token.value)
            found = _LEVEL.get(sign, -1)
            if found < level:
                break
            at = self.take().start
            self.meter.spend()
            self.skip_lines()
            left = _operation(at, sign, left, self._operation(found + 1))
        return left

    def _unary(self) -> Node:
        with self.nested():
            sign = self.accept("!", "-")
            if sign is None:
                return self.primary()
            return Call(sign.start, self._unary(), "!" if sign.value == "!" else "-@")

    def primary(self) -> Node:
        """Parse a value with the calls, indices and blocks behind it."""
        with self.nested():
            node = self._value(self.token)
            for _ in range(_MAX_CHAIN):
                longer = self._link(node)
                if longer is None:
                    return node
                node = longer
        raise UnsupportedError("a chain of that many calls", offset=self.token.start)

    def _value(self, token: Token) -> Node:
        if token.kind in (Kind.NAME, Kind.CONSTANT):
            return self._name(self.take())
        if token.kind is Kind.VARIABLE:
            return nodes.Variable(token.start, str(self.take().value))
        if self.accept("::"):
            return self._value(self.token)
        if self.accept("["):
            return nodes.ArrayLiteral(token.start, self._items("]"))
        if self.accept("{"):
            return self._hash(token.start)
        if self.accept("("):
            with self.between_brackets():
                body = self.statements(")")
                self.expect(")")
            return body
        return self._literal(token)

    def _name(self, token: Token) -> Node:
        name, opens = str(token.value), self._opens(token)
        if token.kind is Kind.CONSTANT:
            calls = opens or (self.token.kind is Kind.STRING and self.token.spaced)
            return self._call(token, None) if calls else nodes.Constant(token.start, name)
        known = name in self.scopes[-1] and not opens
        return nodes.Variable(token.start, name) if known else self._call(token, None)

    def _literal(self, token: Token) -> Node:
        at, value = token.start, token.value
        if token.kind is Kind.NUMBER:
            return Literal(at, self.take().value)
        if isinstance(value, str) and value in _WORDS and self.accept(value):
            return Literal(at, _WORDS[value])
        if not isinstance(value, Quoted):
            return self.keyword()
        self.take()
        if token.kind is Kind.WORDS:
            make = Symbol if value.flags else str
            words = tuple(Literal(at, make(str(word))) for word in value.parts)
            return nodes.ArrayLiteral(at, words)
        parts = self._parts(value, at)
        while token.kind is Kind.STRING and self.token.kind is Kind.STRING:
            parts += self._parts(self.take().value, at)
        if token.kind is Kind.STRING and all(isinstance(part, Literal) for part in parts):
            return Literal(at, "".join(str(getattr(part, "value", "")) for part in parts))
        return nodes.Interpolation(at, parts, _KINDS.get(token.kind, "string"), value.flags)

    def _parts(self, value: object, at: int) -> tuple[Node, ...]:
        parts = value.parts if isinstance(value, Quoted) else ()
        return tuple(
            Literal(at, part) if isinstance(part, str) else self._embedded(part) for part in parts
        )

    def _embedded(self, tokens: tuple[Token, ...]) -> Node:
        with self.reading(tokens):
            return self.statements()

    def _items(self, close: str) -> tuple[Node, ...]:
        """Parse items or arguments up to the closing bracket, and consume it."""
        found: list[Node] = []
        with self.between_brackets():
            while not self.sees(close):
                found.append(self._item())
                self.skip_lines()
                if not self.accept(","):
                    break
                self.skip_lines()
            self.expect(close)
        return _with_pairs_joined(found)

    def _item(self) -> Node:
        """Parse one item or argument; a pair becomes a ``HashLiteral`` without braces."""
        token = self.token
        if self.accept("*", "&"):
            return nodes.Prefixed(token.start, str(token.value), self.expression())
        if self.accept("**"):
            return nodes.HashLiteral(token.start, ((None, self.expression()),), braces=False)
        if token.kind is Kind.LABEL:
            key: Node = Literal(self.take().start, Symbol(str(token.value)))
        else:
            key = self.logical_expression() if self.sees("not") else self.expression()
            if not self.accept("=>"):
                return key
        self.skip_lines()
        return nodes.HashLiteral(token.start, ((key, self.expression()),), braces=False)

    def _hash(self, at: int) -> Node:
        items = self._items("}")
        pairs = items[0] if items else nodes.HashLiteral(at, (), braces=False)
        if len(items) > 1 or not isinstance(pairs, nodes.HashLiteral) or pairs.braces:
            raise UnsupportedError("a hash with something else than pairs", offset=at)
        return nodes.HashLiteral(at, pairs.pairs)

    def _link(self, node: Node) -> Node | None:
        """Parse one more call, index or block, if one is next."""
        sign = self.accept(".", "&.", "::")
        if sign is not None:
            self.skip_lines()
            return self._member(node, sign)
        if self.sees("[") and not self.token.spaced:
            at = self.take().start
            return Call(at, node, "[]", self._items("]"))
        begins_block = self.sees("{") or (self.sees("do") and not self.in_arguments)
        if isinstance(node, Call) and node.block is None and begins_block:
            return Call(node.at, node.receiver, node.name, node.arguments, self._block(), node.safe)
        return None

    def _member(self, node: Node, sign: Token) -> Node:
        if self.token.kind not in (Kind.NAME, Kind.CONSTANT, Kind.KEYWORD):
            raise self.unexpected("where a method's name should be")
        token = self.take()
        nests = sign.value == "::" and token.kind is Kind.CONSTANT and not self._opens(token)
        if nests and isinstance(node, nodes.Constant):
            return nodes.Constant(node.at, f"{node.name}::{token.value}")
        return self._call(token, node, safe=sign.value == "&.")

    def _call(self, token: Token, receiver: Node | None, *, safe: bool = False) -> Node:
        """Parse the arguments of a call, with or without brackets."""
        at, name = token.start, str(token.value)
        if self._opens(token):
            self.take()
            return Call(at, receiver, name, self._items(")"), None, safe)
        if not self._begins_argument():
            return Call(at, receiver, name, (), None, safe)
        self.in_arguments += 1
        found = [self._item()]
        while self.accept(","):
            self.skip_lines()
            found.append(self._item())
        self.in_arguments -= 1
        return Call(at, receiver, name, _with_pairs_joined(found), None, safe)

    def _opens(self, token: Token) -> bool:
        return self.sees("(") and self.token.start == token.end

    def _begins_argument(self) -> bool:
        """Tell whether an argument follows: ``foo -1`` but not ``foo - 1``."""
        token = self.token
        begins = token.kind in VALUES or token.kind is Kind.LABEL or self.sees(*_BEGIN_ARGUMENT)
        adjacent = self.sees(*_BEGIN_ARGUMENT_IF_ADJACENT) and not token.followed
        return token.spaced and (begins or adjacent)

    def _block(self) -> Block:
        """Parse ``{ |x| ... }`` or ``do |x| ... end``."""
        opening = self.take()
        braces = opening.value == "{"
        self.scopes.append(set(self.scopes[-1]))
        with self.nested(), self.between_brackets():
            self.accept("||")
            parameters = self._parameters("|") if self.accept("|") else ()
            body = self.statements("}") if braces else self.with_rescue()
            self.expect("}" if braces else "end", opening)
        self.scopes.pop()
        return Block(opening.start, parameters, body)

    def _parameters(self, close: str) -> tuple[Node, ...]:
        found: list[Node] = []
        while self.token.kind is Kind.NAME or self.sees("("):
            token = self.take()
            if token.kind is Kind.NAME:
                found.append(self.target(Call(token.start, None, str(token.value))))
            else:
                found.append(nodes.ArrayLiteral(token.start, self._parameters(")")))
            self.accept(",")
        if not self.accept(close):
            jinja = "{% for name in items %}"
            raise UnsupportedError("this parameter of a block", jinja, self.token.start)
        return tuple(found)


def _operation(at: int, sign: str, left: Node, right: Node) -> Node:
    if sign in ("||", "&&"):
        return nodes.Logical(at, sign, left, right)
    if sign in ("!=", "!~"):
        return Call(at, Call(at, left, "==" if sign == "!=" else "=~", (right,)), "!")
    return Call(at, left, sign, (right,))


def _with_pairs_joined(items: list[Node]) -> tuple[Node, ...]:
    """Return the items with one hash of all pairs among them, as Ruby passes them."""
    pairs = [item for item in items if isinstance(item, nodes.HashLiteral) and not item.braces]
    if not pairs:
        return tuple(items)
    others = [item for item in items if item not in pairs]
    joined = tuple(pair for item in pairs for pair in item.pairs)
    return (*others, nodes.HashLiteral(pairs[0].at, joined, braces=False))
