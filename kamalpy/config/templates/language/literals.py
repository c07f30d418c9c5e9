"""Values that are written out: strings, numbers, arrays, hashes."""

from __future__ import annotations

from kamalpy.config.templates.trouble import Beyond
from kamalpy.config.templates.values import Symbol

from .grammar import Grammar
from .tokens import Kind, Quoted
from .tree import (
    BlockPass,
    Call,
    Command,
    Interpolation,
    Items,
    Literal,
    Node,
    Pairs,
    Pattern,
    Splat,
    Variable,
)

_WORDS: dict[str, object] = {"nil": None, "true": True, "false": False, "__method__": None}


class Literals(Grammar):
    """Reads literals, and the lists between brackets."""

    def literal(self) -> Node | None:
        """Read a literal, if one comes next."""
        kind, at = self.token.kind, self.token.start
        if kind is Kind.STRING:
            return self._string()
        if kind is Kind.NUMBER:
            return Literal(at, self.take().value)
        if kind is Kind.WORDS:
            return self._words()
        if kind is Kind.KEYWORD and self.token.value in _WORDS:
            return Literal(at, _WORDS[str(self.take().value)])
        if kind is Kind.KEYWORD and self.token.value in ("__FILE__", "__LINE__"):
            return self._position()
        if isinstance(self.token.value, Quoted):
            return self._quoted(kind)
        return None

    def _position(self) -> Node:
        if self.token.value == "__LINE__":
            raise Beyond("`__LINE__`", offset=self.token.start)
        return Literal(self.take().start, "(erb)")

    def _string(self) -> Node:
        """Read a string, and those that follow without anything between."""
        at = self.token.start
        parts: list[Node] = []
        while self.token.kind is Kind.STRING:
            parts.extend(self._parts(self.take().value))
        return _joined(at, tuple(parts))

    def _quoted(self, kind: Kind) -> Node | None:
        token = self.take()
        parts = self._parts(token.value)
        if kind is Kind.COMMAND:
            return Command(token.start, parts)
        if kind is Kind.REGEXP:
            flags = token.value.flags if isinstance(token.value, Quoted) else ""
            return Pattern(token.start, parts, flags)
        text = _joined(token.start, parts)
        if isinstance(text, Literal):
            return Literal(token.start, Symbol(str(text.value)))
        return Call(token.start, text, "to_sym")

    def _parts(self, value: object) -> tuple[Node, ...]:
        parts = value.parts if isinstance(value, Quoted) else ()
        at = self.token.start
        return tuple(
            Literal(at, part) if isinstance(part, str) else self.embedded(part) for part in parts
        )

    def _words(self) -> Node:
        token = self.take()
        quoted = token.value if isinstance(token.value, tuple) else ()
        words = ["".join(str(part) for part in word.parts) for word in quoted[1:]]
        make = Symbol if quoted and quoted[0].flags else str
        return Items(token.start, tuple(Literal(token.start, make(word)) for word in words))

    def array(self) -> Node:
        """Read ``[...]``."""
        at = self.expect("[").start
        return Items(at, self.listed("]"))

    def listed(self, close: str) -> tuple[Node, ...]:
        """Read items or arguments up to the closing bracket, and step over it."""
        found: list[Node] = []
        with self.between_brackets():
            while not self.sees(close):
                found.append(self.argument())
                self.skip_lines()
                if not self.accept(","):
                    break
                self.skip_lines()
            self.expect(close)
        return gathered(found)

    def argument(self) -> Node:
        """Read one item or argument; a pair comes back as ``Pairs`` without braces."""
        at = self.token.start
        if self.accept("*"):
            return Splat(at, self.expression())
        if self.accept("**"):
            return Pairs(at, ((None, self.expression()),), braces=False)
        if self.accept("&"):
            return BlockPass(at, self.expression())
        if self.token.kind is Kind.LABEL:
            return Pairs(at, (self._labelled(),), braces=False)
        value = self.expression_statement() if self.sees("not") else self.expression()
        if self.accept("=>"):
            self.skip_lines()
            return Pairs(at, ((value, self.expression()),), braces=False)
        return value

    def _labelled(self) -> tuple[Node, Node]:
        token = self.take()
        name = str(token.value)
        key = Literal(token.start, Symbol(name))
        if self.sees(",", "}", ")"):
            known = self.known(name)
            return key, Variable(token.start, name) if known else Call(token.start, None, name)
        self.skip_lines()
        return key, self.expression()

    def hash(self) -> Node:
        """Read ``{...}``."""
        at = self.expect("{").start
        items = self.listed("}")
        if not items:
            return Pairs(at, ())
        pairs = items[0]
        if len(items) > 1 or not isinstance(pairs, Pairs) or pairs.braces:
            raise Beyond("a hash with something else than pairs", offset=at)
        return Pairs(at, pairs.pairs)


def gathered(items: list[Node]) -> tuple[Node, ...]:
    """Make one ``Pairs`` of those that follow each other."""
    found: list[Node] = []
    pairs: list[tuple[Node | None, Node]] = []
    at = 0
    for item in items:
        if isinstance(item, Pairs) and not item.braces:
            at = at if pairs else item.at
            pairs.extend(item.pairs)
        else:
            found.append(item)
    if pairs:
        blocks = [item for item in found if isinstance(item, BlockPass)]
        plain = [item for item in found if not isinstance(item, BlockPass)]
        return (*plain, Pairs(at, tuple(pairs), braces=False), *blocks)
    return tuple(found)


def _joined(at: int, parts: tuple[Node, ...]) -> Node:
    if all(isinstance(part, Literal) for part in parts):
        return Literal(at, "".join(str(part.value) for part in parts if isinstance(part, Literal)))
    return Interpolation(at, parts)
