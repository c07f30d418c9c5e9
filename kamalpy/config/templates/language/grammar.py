"""What all parts of the parser share: the next token, the known variables, nesting."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

from kamalpy.config.templates.limits import Meter
from kamalpy.config.templates.trouble import Exceeded, Unexpected

from .tokens import Kind, Token
from .tree import Body, Node

_MAX_NESTING = 75
_SIGNS = (Kind.OPERATOR, Kind.KEYWORD)


class Grammar(ABC):
    """A place in a list of tokens: ``token`` comes next."""

    def __init__(self, tokens: tuple[Token, ...], meter: Meter) -> None:
        self._tokens = tokens
        self._index = 0
        self.token = tokens[0]
        self._nesting = 0
        self.meter = meter
        self.scopes: list[set[str]] = [set()]
        self.implicit: list[int | None] = []
        self.bare = 0

    def take(self) -> Token:
        """Step over the next token."""
        token = self.token
        if token.kind is not Kind.END:
            self._index += 1
            self.token = self._tokens[self._index]
        return token

    def sees(self, *values: str) -> bool:
        """Whether one of these operators or keywords comes next."""
        token = self.token
        return token.value in values and token.kind in _SIGNS

    def reading(self, tokens: tuple[Token, ...], index: int = 0) -> tuple[tuple[Token, ...], int]:
        """Read other tokens from here on; the answer leads back."""
        before = self._tokens, self._index
        self._tokens, self._index = tokens, index
        self.token = tokens[index]
        return before

    def accept(self, *values: str) -> Token | None:
        """Step over one of these operators or keywords, if it is there."""
        return self.take() if self.sees(*values) else None

    def expect(self, value: str) -> Token:
        """Step over an operator or keyword that has to be there."""
        if not self.sees(value):
            raise self.unexpected(f"`{value}`")
        return self.take()

    def expect_end(self, opening: Token, close: str = "end") -> None:
        """Step over the end of what began with this word."""
        if self.token.kind in (Kind.END, Kind.CLOSE):
            raise Unexpected(f"`{opening.value}` has no `{close}`", opening.start)
        self.expect(close)

    def unexpected(self, wanted: str = "") -> Unexpected:
        """The error for a token that cannot stand where it stands."""
        place = f"where {wanted} should be" if wanted else "where it cannot be understood"
        return Unexpected(f"{self.token.words} stands {place}", self.token.start)

    def skip_lines(self) -> None:
        """Step over ends of lines, where Ruby goes on reading."""
        while self.token.kind is Kind.SEPARATOR and self.token.value == "\n":
            self.take()

    def skip_separators(self) -> None:
        """Step over ends of lines and semicolons."""
        while self.token.kind is Kind.SEPARATOR:
            self.take()

    def known(self, name: str) -> bool:
        """Whether a local variable of this name was assigned before."""
        return name in self.scopes[-1]

    def declare(self, name: str) -> None:
        """Know a local variable from here on."""
        self.scopes[-1].add(name)

    @contextmanager
    def scope(self, *, inherits: bool) -> Iterator[None]:
        """The variables of a block (which sees those around it) or a method (which does not)."""
        bare, self.bare = self.bare, 0
        self.scopes.append(set(self.scopes[-1]) if inherits else set())
        yield
        self.scopes.pop()
        self.bare = bare

    @contextmanager
    def nested(self) -> Iterator[None]:
        """One level deeper, within reason."""
        self._nesting += 1
        if self._nesting > _MAX_NESTING:
            raise Exceeded(
                "this is nested too deeply", "take it apart with local variables", self.token.start
            )
        yield
        self._nesting -= 1

    @contextmanager
    def between_brackets(self) -> Iterator[None]:
        """Inside of brackets ``do`` belongs to what stands inside, again."""
        bare, self.bare = self.bare, 0
        self.skip_lines()
        yield
        self.bare = bare

    @abstractmethod
    def statement(self) -> Node:
        """Read one statement."""

    @abstractmethod
    def statements(self, *ends: str) -> Body:
        """Read statements up to one of these words, which stays."""

    @abstractmethod
    def expression_statement(self) -> Node:
        """Read an expression with ``and``, ``or``, ``not``."""

    @abstractmethod
    def expression(self) -> Node:
        """Read an expression."""

    @abstractmethod
    def operand(self, level: int = 0) -> Node:
        """Read operators from this level of precedence on."""

    @abstractmethod
    def primary(self) -> Node:
        """Read a value with what hangs on it: calls, indices, blocks."""

    @abstractmethod
    def chain(self, node: Node) -> Node:
        """Read what hangs on a value."""

    @abstractmethod
    def bracketed(self) -> Node | None:
        """Read what begins with a bracket or an arrow, if it is that."""

    @abstractmethod
    def guarded(self, end: str) -> Node:
        """Read statements with ``rescue``, ``else`` and ``ensure`` behind them."""

    @abstractmethod
    def control(self) -> Node:
        """Read what begins with a keyword."""

    @abstractmethod
    def embedded(self, tokens: tuple[Token, ...]) -> Node:
        """Read the code of ``#{}`` in a string."""
