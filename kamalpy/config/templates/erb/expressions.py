"""Parses expressions: operators in Ruby's order of precedence, and calls."""

from __future__ import annotations

import re
from abc import abstractmethod

from kamalpy.config.templates.template_errors import UnsupportedError

from . import nodes
from .literals import Literals
from .nodes import BlockLiteral, Call, Literal, Node
from .values import Symbol

_LEVELS = (
    ("||",),
    ("&&",),
    ("<=>", "==", "!=", "=~", "!~"),
    ("<", "<=", ">", ">="),
    ("<<",),
    ("+", "-"),
    ("*", "/", "%"),
)
_LEVEL = {sign: level for level, signs in enumerate(_LEVELS) for sign in signs}
_BINARY = re.compile(r"(?:\|\||&&|<=>|==(?!=)|=~|!=|!~|<=|>=|<<|<(?!<)|\*(?!\*)|[-+/%>])(?!=)")
_ASSIGN = re.compile(r"(\|\||&&|[-+*/%]|)=(?![=~>])")
_UNARY = re.compile(r"!(?![=~])|-(?!>)")
_RANGE = re.compile(r"\.\.\.?")
_NAME = re.compile(r"[^\W\d]\w*(?:[?!](?![=~])|[?!](?==[=~>]))?")
_LABEL = re.compile(r"(?:([^\W\d]\w*[?!]?)|\"([^\"#\\]*)\"):(?!:)")
_MEMBER = re.compile(r"(?:\s|#[^\n]*\n)*(\.(?!\.)|&\.)\s*|(::)(?=\w)")
_ENDS = "if|unless|while|until|and|or|do|then|rescue|end|in|else|elsif|when|ensure"
_ARGUMENT = re.compile(
    rf"[ \t]+(?!(?:{_ENDS})\b)(?:[\w\"'`@$\[(]|:[\w\"]|[-/%](?![\s=])|\*\*?(?![\s=*])|&(?![&.\s])"
    r"|!(?![=~\s])|->|<<[~\-A-Z\"'])"
)
_WORDS: dict[str, object] = {"nil": None, "true": True, "false": False}
_MAX_CHAIN = 100
OTHER_KEYWORDS = (
    "BEGIN", "END", "alias", "break", "ensure", "next", "redo", "retry", "return", "self", "yield",
)  # fmt: skip
_KEYWORDS = frozenset({
    "and", "begin", "case", "class", "def", "defined?", "do", "else", "elsif", "end", "for", "if",
    "in", "module", "not", "or", "rescue", "super", "then", "unless", "until", "when", "while",
    *OTHER_KEYWORDS,
})  # fmt: skip


class Expressions(Literals):
    """Parses expressions; ``scopes`` are the local variables, one set for each open block."""

    scopes: list[set[str]]

    @abstractmethod
    def keyword(self) -> Node:
        """Parse what begins with a keyword."""

    def expression(self) -> Node:
        """Parse an assignment, or what may follow ``=``."""
        with self.nested():
            left = self._ternary()
            sign = self.accept(_ASSIGN)
            if sign is None:
                return left
            at, target = self.offset - len(sign[0]), self._target(left)
            self.skip_lines()
            value = self.expression()
        value = self.rescue_modifier(value) if self.sees("rescue") else value
        return nodes.Assignment(at, target, value, sign[1])

    def rescue_modifier(self, value: Node) -> Node:
        """Parse ``rescue other`` behind a value."""
        self.expect("rescue")
        return nodes.Rescue(self.offset, value, (), self.expression())

    def _target(self, node: Node) -> nodes.Variable | Call:
        """Return what can be assigned to, from what was parsed as a value."""
        match node:
            case Call(receiver=None, name=name, arguments=()):
                self.scopes[-1].add(name)
                return nodes.Variable(node.at, name)
            case nodes.Constant(name=name) if "::" not in name:
                return nodes.Variable(node.at, name)
            case nodes.Variable() | Call(name="[]"):
                return node
        raise UnsupportedError("this assignment", "{% set name = value %}", node.at)

    def _ternary(self) -> Node:
        condition = self._range()
        at = self.offset
        if not self.take("?"):
            return condition
        self.skip_lines()
        yes = self.expression()
        self.skip_lines()
        self.expect(":")
        self.skip_lines()
        return nodes.If(at, ((condition, yes),), self.expression())

    def _range(self) -> Node:
        """Parse ``first..last`` without one of them, too: a call of ``..``."""
        at = self.offset
        first = Literal(at, None) if self.sees("..") else self._operation(0)
        sign = self.accept(_RANGE)
        if sign is None:
            return first
        is_open = self.sees("]", ")", ",", "\n") or self.at_end()
        return Call(at, first, sign[0], (Literal(at, None) if is_open else self._operation(0),))

    def _operation(self, level: int) -> Node:
        """Parse operators from this level of precedence on."""
        left = self._unary()
        while True:
            self.skip()
            found = _BINARY.match(self.code, self.at)
            if found is None or _LEVEL[found[0]] < level:
                return left
            at, self.at = self.offset, found.end()
            self.meter.spend()
            self.skip_lines()
            left = _operation(at, found[0], left, self._operation(_LEVEL[found[0]] + 1))

    def _unary(self) -> Node:
        self.skip()
        at = self.offset
        if re.match(r"-\d", self.code[self.at : self.at + 2]):
            return self._primary()
        sign = self.accept(_UNARY)
        with self.nested():
            if sign is None:
                return self._primary()
            return Call(at, self._unary(), "!" if sign[0] == "!" else "-@")

    def _primary(self) -> Node:
        """Parse a value with the calls, indices and blocks behind it."""
        with self.nested():
            node = self._value()
            for _ in range(_MAX_CHAIN):
                longer = self._link(node)
                if longer is None:
                    return node
                node = longer
        raise UnsupportedError("a chain of that many calls", offset=self.offset)

    def _value(self) -> Node:
        self.skip()
        start = self.offset
        literal = self.literal()
        if literal is not None:
            return literal
        name = _NAME.match(self.code, self.at)
        if name and name[0] not in _KEYWORDS:
            self.at = name.end()
            return self._name(name[0], start)
        if self.take("["):
            return nodes.ArrayLiteral(start, self._items("]"))
        if self.take("{"):
            return self._hash(start)
        if self.take("("):
            with self.nested(locked=True):
                body = self.statements(")")
                self.expect(")")
            return body
        return self.keyword()

    def _name(self, name: str, start: int) -> Node:
        if name in _WORDS:
            return Literal(start, _WORDS[name])
        opens = self.code.startswith("(", self.at)
        if name[0].isupper():
            calls = opens or re.match(r" +[\"']", self.code[self.at :])
            return self._call(name, None, start) if calls else nodes.Constant(start, name)
        if name in self.scopes[-1] and not opens:
            return nodes.Variable(start, name)
        return self._call(name, None, start)

    def _items(self, close: str) -> tuple[Node, ...]:
        """Parse items or arguments up to the closing bracket, and consume it."""
        found: list[Node] = []
        with self.nested(locked=True):
            self.skip_lines()
            while not self.sees(close):
                found.append(self._item())
                self.skip_lines()
                if not self.take(","):
                    break
                self.skip_lines()
            self.expect(close)
        return _with_pairs_joined(found)

    def _item(self) -> Node:
        """Parse one item or argument; a pair becomes a ``HashLiteral`` without braces."""
        self.skip()
        start = self.offset
        if self.take("&:") and (name := self.accept(_NAME)):
            return BlockLiteral(start, name=name[0])
        if self.sees("*", "&"):
            raise UnsupportedError("* or & before an argument", offset=start)
        label = self.accept(_LABEL)
        if label:
            key: Node = Literal(start, Symbol(label[1] or label[2]))
        else:
            key = self.expression()
            if not self.take("=>"):
                return key
        self.skip_lines()
        return nodes.HashLiteral(start, ((key, self.expression()),), braces=False)

    def _hash(self, start: int) -> Node:
        match self._items("}"):
            case ():
                return nodes.HashLiteral(start, ())
            case (nodes.HashLiteral(pairs=pairs, braces=False),):
                return nodes.HashLiteral(start, pairs)
        raise UnsupportedError("a hash with something else than pairs", offset=start)

    def _link(self, node: Node) -> Node | None:
        """Parse one more call, index or block, if one is next."""
        start, sign = self.offset, _MEMBER.match(self.code, self.at)
        if sign:
            self.at = sign.end()
            return self._member(node, sign[1] or sign[2])
        if self.code.startswith("[", self.at):
            self.at += 1
            return Call(start, node, "[]", self._items("]"))
        if isinstance(node, Call) and node.block is None and self.sees("{", "do"):
            return Call(node.at, node.receiver, node.name, node.arguments, self._block(), node.safe)
        return None

    def _member(self, node: Node, sign: str) -> Node:
        start, found = self.offset, _NAME.match(self.code, self.at)
        if found is None:
            raise self.unexpected("where a method's name should be")
        self.at = found.end()
        constant = sign == "::" and found[0][0].isupper() and not self.code.startswith("(", self.at)
        if constant and isinstance(node, nodes.Constant):
            return nodes.Constant(node.at, f"{node.name}::{found[0]}")
        return self._call(found[0], node, start, safe=sign == "&.")

    def _call(self, name: str, receiver: Node | None, start: int, *, safe: bool = False) -> Node:
        """Parse the arguments of a call, with or without brackets."""
        arguments: tuple[Node, ...] = ()
        if self.code.startswith("(", self.at):
            self.at += 1
            arguments = self._items(")")
        elif _ARGUMENT.match(self.code, self.at):
            found = [self._item()]
            while self.take(","):
                self.skip_lines()
                found.append(self._item())
            arguments = _with_pairs_joined(found)
        return Call(start, receiver, name, arguments, None, safe)

    def _block(self) -> BlockLiteral:
        """Parse ``{ |x| ... }`` or ``do |x| ... end``."""
        start = self.offset
        opening, close = ("{", "}") if self.take("{") else ("do", "end")
        if opening == "do":
            self.expect("do")
        self.scopes.append(set(self.scopes[-1]))
        with self.nested():
            self.skip_lines()
            parameters = self._parameters() if self.take("|") else ()
            body = self.statements(close)
            self.expect(close, opening, start)
        self.scopes.pop()
        return BlockLiteral(start, parameters, body)

    def _parameters(self) -> tuple[str, ...]:
        found: list[str] = []
        while name := self.accept(_NAME):
            found.append(name[0])
            self.take(",")
        if not self.take("|"):
            jinja = "{% for name in items %}"
            raise UnsupportedError("this parameter of a block", jinja, self.offset)
        self.scopes[-1].update(found)
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
