"""Blocks and lambdas: code that is called later, with the variables around it."""

from __future__ import annotations

from kamalpy.config.templates.language import tree
from kamalpy.config.templates.trouble import Beyond
from kamalpy.config.templates.values import Proc, Symbol, Value

from .base import Base
from .scope import Frame, Jump, Scope


class Closures(Base):
    """Makes procs."""

    def as_block(self, value: Value) -> Proc | None:
        """What ``&value`` passes as a block."""
        if isinstance(value, Symbol):
            name = value.name
            return Proc(lambda first, *rest: self.sender.send(first, name, *rest), -2, strict=True)
        if value is None or isinstance(value, Proc):
            return value
        raise Beyond("this value as a block")

    def closure(
        self, block: tree.Block, scope: Scope, target: object, *, strict: bool = False
    ) -> Proc:
        """A block as something to call."""

        def run(*values: Value) -> Value:
            inner = scope if block.open else Scope(scope.frame, scope)
            before, inner.target = inner.target, target
            try:
                self.binder.bind(block.parameters, list(values), inner, strict=strict)
                return self.evaluate(block.body, inner)
            except Jump as jump:
                if jump.word != "next" or jump.target is not target:
                    raise
                return jump.value
            finally:
                inner.target = before

        return Proc(run, len(block.parameters), strict)

    def arrow(self, node: tree.Lambda, scope: Scope) -> Value:
        """``->(x) { ... }``; its ``return`` and ``next`` end it."""
        return self.lambda_(node.block, scope)

    def lambda_(self, block: tree.Block, scope: Scope) -> Proc:
        """A block that counts its arguments and that ``return`` ends."""

        def run(*values: Value) -> Value:
            frame = Frame(scope.frame.block, method=True)
            inner = Scope(frame, scope, target=frame)
            self.binder.bind(block.parameters, list(values), inner, strict=True)
            return self.ended(block.body, inner, frame)

        return Proc(run, len(block.parameters), strict=True)

    def ended(self, body: tree.Node, scope: Scope, frame: Frame) -> Value:
        """The value of a body, or that of the ``return`` in it."""
        try:
            return self.evaluate(body, scope)
        except Jump as jump:
            if jump.target is not frame:
                raise
            return jump.value
