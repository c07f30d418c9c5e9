"""Blocks, lambdas and what they take."""

from __future__ import annotations

from kamalpy.config.templates.trouble import Beyond

from .literals import Literals, gathered
from .operators import ABOVE_PIPE, Operators
from .tokens import Kind, Token
from .tree import Block, Lambda, Node, Parameter

_NUMBERED = {"_1": 1, "_2": 2, "it": 1}


class Blocks(Literals, Operators):
    """Reads blocks and parameters."""

    gathered = staticmethod(gathered)

    def blocks(self) -> bool:
        """Whether a block comes next, that belongs to the call just read."""
        return self.sees("{") or (self.sees("do") and not self.bare)

    def block(self) -> Block:
        """Read ``{ |x| ... }`` or ``do |x| ... end``."""
        opening = self.take()
        with self.nested(), self.scope(inherits=True):
            self.skip_separators()
            parameters = self.parameters("|") if self.accept("|") else ()
            empty = self.accept("||")
            return self._inside(opening, parameters, named=bool(parameters or empty))

    def arrow(self) -> Node:
        """Read ``->(x) { ... }``."""
        at = self.take().start
        with self.nested(), self.scope(inherits=True):
            if self.accept("("):
                parameters = self.parameters(")")
            else:
                parameters = () if self.sees("{", "do") else self.parameters("{", "do")
            opening = self.accept("{", "do")
            if opening is None:
                raise self.unexpected("`{`")
            return Lambda(at, self._inside(opening, parameters, named=bool(parameters)))

    def _inside(self, opening: Token, parameters: tuple[Parameter, ...], *, named: bool) -> Block:
        close = "}" if opening.value == "{" else "end"
        self.implicit.append(None if named else 0)
        body = self.guarded(close) if close == "end" else self.statements(close)
        self.expect_end(opening, close)
        count = self.implicit.pop() or 0
        numbered = tuple(Parameter(f"_{number + 1}") for number in range(count))
        return Block(opening.start, parameters or numbered, body)

    def numbered(self, name: str) -> str:
        """The variable that ``_1`` or ``it`` stands for in a block without parameters."""
        count = _NUMBERED.get(name)
        if count is None or not self.implicit or self.implicit[-1] is None:
            return ""
        self.implicit[-1] = max(count, self.implicit[-1])
        return f"_{count}"

    def parameters(self, *ends: str) -> tuple[Parameter, ...]:
        """Read parameters up to one of these signs; a bracket or pipe is stepped over."""
        found: list[Parameter] = []
        while not self.sees(*ends) and self.token.kind is not Kind.SEPARATOR:
            found.append(self._parameter())
            if not self.accept(","):
                break
            self.skip_lines()
        if self.token.kind is Kind.SEPARATOR and ends == ("|",):
            raise Beyond("variables of a block after ;", offset=self.token.start)
        if ends in (("|",), (")",)):
            self.expect(ends[0])
        return tuple(found)

    def _parameter(self) -> Parameter:
        if self.accept("("):
            return Parameter("", "several", parts=self.parameters(")"))
        sign = self.accept("*", "**", "&")
        if sign:
            kind = {"*": "rest", "**": "keyrest", "&": "block"}[str(sign.value)]
            named = self.token.kind is Kind.NAME
            return Parameter(self._declared() if named else "", kind)
        if self.token.kind is Kind.LABEL:
            name = self._declared()
            default = None if self._ends_parameter() else self.operand(ABOVE_PIPE)
            return Parameter(name, "key", default)
        if self.token.kind is not Kind.NAME:
            raise self.unexpected("a parameter's name")
        name = self._declared()
        return Parameter(name, "plain", self.operand(ABOVE_PIPE) if self.accept("=") else None)

    def _ends_parameter(self) -> bool:
        return self.sees(",", "|", ")") or self.token.kind is Kind.SEPARATOR

    def _declared(self) -> str:
        name = str(self.take().value)
        self.declare(name)
        return name
