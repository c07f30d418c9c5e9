"""What the parser reads from: the next token, the known variables, the depth."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kamalpy.config.templates.limits import Meter
from kamalpy.config.templates.template_errors import LimitError, UnexpectedTokenError

from .tokens import Kind, Token

_MAX_NESTING = 75
_ENDS = (Kind.END, Kind.CLOSE)


class TokenStream:
    """A position in a list of tokens; ``token`` is the next one."""

    def __init__(self, tokens: tuple[Token, ...], meter: Meter) -> None:
        self.meter = meter
        self.token = tokens[0]
        self.scopes: list[set[str]] = [set()]
        self.in_arguments = 0  # calls without brackets around here: `do` belongs to the outermost
        self._tokens = tokens
        self._index = 0
        self._depth = 0

    def take(self) -> Token:
        """Consume the next token."""
        token = self.token
        if token.kind is not Kind.END:
            self._index += 1
            self.token = self._tokens[self._index]
        return token

    def sees(self, *values: str) -> bool:
        """Tell whether one of these operators or keywords is next."""
        return self.token.value in values and self.token.kind in (Kind.OPERATOR, Kind.KEYWORD)

    def accept(self, *values: str) -> Token | None:
        """Consume one of these operators or keywords, if it is next."""
        return self.take() if self.sees(*values) else None

    def expect(self, value: str, opening: Token | None = None) -> Token:
        """Consume an operator or keyword that has to be next, as the end of an earlier one."""
        if opening is not None and self.is_last():
            raise UnexpectedTokenError(f"`{opening.value}` has no `{value}`", opening.start)
        if not self.sees(value):
            raise self.unexpected(f"where `{value}` should be")
        return self.take()

    def unexpected(self, place: str = "where it cannot be understood") -> UnexpectedTokenError:
        """Return the error for the next token."""
        what = f"{self.token.description} stands {place}"
        return UnexpectedTokenError(what, self.token.start)

    def is_last(self) -> bool:
        """Tell whether the template or tag ends here."""
        return self.token.kind in _ENDS

    def ends_statement(self) -> bool:
        """Tell whether a statement ends here."""
        return self.token.kind is Kind.SEPARATOR or self.is_last()

    def skip_lines(self, values: tuple[str, ...] = ("\n",)) -> None:
        """Skip line ends where Ruby goes on reading."""
        while self.token.kind is Kind.SEPARATOR and self.token.value in values:
            self.take()

    @contextmanager
    def nested(self) -> Iterator[None]:
        """Go one level deeper, up to a limit."""
        self._depth += 1
        if self._depth > _MAX_NESTING:
            how = "split it with local variables"
            raise LimitError("this is nested too deeply", how, self.token.start)
        yield
        self._depth -= 1

    @contextmanager
    def between_brackets(self) -> Iterator[None]:
        """Enter brackets or a block: ``do`` in them belongs to a call in them."""
        outer, self.in_arguments = self.in_arguments, 0
        self.skip_lines()
        yield
        self.in_arguments = outer

    @contextmanager
    def reading(self, tokens: tuple[Token, ...]) -> Iterator[None]:
        """Read other tokens for a while: the code in a string."""
        before = self._tokens, self._index
        self._tokens, self._index, self.token = tokens, 0, tokens[0]
        with self.nested(), self.between_brackets():
            yield
        if self.token.kind is not Kind.END:
            raise self.unexpected()
        self._tokens, self._index = before
        self.token = self._tokens[self._index]
