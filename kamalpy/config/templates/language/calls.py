"""Names, method calls, and the blocks and brackets that hang on them."""

from __future__ import annotations

from kamalpy.config.templates.trouble import Beyond

from .blocks import Blocks
from .tokens import Kind, Token
from .tree import BlockPass, Call, Constant, Node, Variable

_STARTING_KINDS = frozenset(
    {
        Kind.NUMBER,
        Kind.STRING,
        Kind.SYMBOL,
        Kind.REGEXP,
        Kind.COMMAND,
        Kind.WORDS,
        Kind.NAME,
        Kind.CONSTANT,
        Kind.INSTANCE,
        Kind.GLOBAL,
        Kind.LABEL,
    }
)
_STARTING_WORDS = ("nil", "true", "false", "not", "defined?", "__FILE__", "case", "[", "->")
_STARTING_SIGNS = ("-", "*", "&", "**", "!", "::", "(")
_MAX_CHAIN = 100


class Calls(Blocks):
    """Reads a value and everything that hangs on it."""

    def primary(self) -> Node:
        """Read a value with what hangs on it: calls, indices, blocks."""
        with self.nested():
            return self.chain(self._bare())

    def chain(self, node: Node) -> Node:
        """Read what hangs on a value."""
        for _ in range(_MAX_CHAIN):
            longer = self._link(node)
            if longer is None:
                return node
            node = longer
        raise Beyond("a chain of that many calls", offset=self.token.start)

    def _bare(self) -> Node:
        kind = self.token.kind
        if kind is Kind.NAME:
            return self._name()
        if kind is Kind.CONSTANT or self.sees("::"):
            return self._constant()
        if kind in (Kind.INSTANCE, Kind.GLOBAL):
            token = self.take()
            return Variable(token.start, str(token.value))
        return self.literal() or self.bracketed() or self.control()

    def bracketed(self) -> Node | None:
        """Read what begins with a bracket or an arrow, if it is that."""
        if self.sees("["):
            return self.array()
        if self.sees("{"):
            return self.hash()
        if self.sees("->"):
            return self.arrow()
        if not self.sees("("):
            return None
        self.take()
        with self.between_brackets():
            body = self.statements(")")
            self.expect(")")
        return body

    def _name(self) -> Node:
        token = self.take()
        name = str(token.value)
        if self.known(name) and not self._opens(token):
            return Variable(token.start, name)
        implicit = self.numbered(name) if not self._opens(token) else None
        if implicit:
            return Variable(token.start, implicit)
        return self._call(token.start, None, name, token)

    def _constant(self) -> Node:
        self.accept("::")
        token = self.take()
        if token.kind is not Kind.CONSTANT:
            raise self.unexpected("a constant")
        name = str(token.value)
        if self._opens(token) or (self.token.kind is Kind.STRING and self.token.spaced):
            return self._call(token.start, None, name, token)
        return Constant(token.start, name)

    def _link(self, node: Node) -> Node | None:
        """Read one more thing that hangs on the value, if there is one."""
        if self.sees(".", "&."):
            return self._dotted(node)
        if self.sees("::"):
            return self._scoped(node)
        if self.sees("[") and not self.token.spaced:
            at = self.take().start
            return Call(at, node, "[]", self.listed("]"))
        if isinstance(node, Call) and node.block is None and self.blocks():
            block = self.block()
            return Call(node.at, node.receiver, node.name, node.arguments, block, node.safe)
        return None

    def _dotted(self, node: Node) -> Node:
        sign = self.take()
        self.skip_lines()
        safe = sign.value == "&."
        if self.sees("("):
            self.take()
            return Call(sign.start, node, "call", self.listed(")"), None, safe)
        token = self.take()
        if token.kind not in (Kind.NAME, Kind.CONSTANT, Kind.KEYWORD):
            raise self.unexpected("a method's name")
        return self._call(token.start, node, str(token.value), token, safe=safe)

    def _scoped(self, node: Node) -> Node:
        self.take()
        token = self.take()
        if token.kind not in (Kind.NAME, Kind.CONSTANT):
            raise self.unexpected("a name")
        if isinstance(node, Constant) and token.kind is Kind.CONSTANT and not self._opens(token):
            return Constant(node.at, f"{node.name}::{token.value}")
        return self._call(token.start, node, str(token.value), token)

    def _call(
        self, at: int, receiver: Node | None, name: str, token: Token, *, safe: bool = False
    ) -> Node:
        """Read arguments, with or without brackets."""
        if self._opens(token):
            self.take()
            return Call(at, receiver, name, self.listed(")"), None, safe)
        if not self._argument_follows():
            return Call(at, receiver, name, (), None, safe)
        arguments = self.words_arguments()
        block = self.block() if self.sees("do") and not self.bare else None
        return Call(at, receiver, name, arguments, block, safe)

    def words_arguments(self) -> tuple[Node, ...]:
        """Read arguments without brackets; ``do`` behind them belongs to the call."""
        self.bare += 1
        found = [self.argument()]
        while self.accept(","):
            self.skip_lines()
            found.append(self.argument())
        self.bare -= 1
        return self.gathered(found)

    def _opens(self, token: Token) -> bool:
        return self.sees("(") and self.token.start == token.end

    def _argument_follows(self) -> bool:
        """Whether what follows after a blank is an argument: ``foo -1`` but not ``foo - 1``."""
        token = self.token
        if not token.spaced:
            return False
        if token.kind in _STARTING_KINDS or self.sees(*_STARTING_WORDS):
            return True
        if self.sees("("):
            return True
        return self.sees(*_STARTING_SIGNS) and not token.followed

    def passed(self, arguments: tuple[Node, ...]) -> bool:
        """Whether a block is passed as ``&block``."""
        return any(isinstance(argument, BlockPass) for argument in arguments)
