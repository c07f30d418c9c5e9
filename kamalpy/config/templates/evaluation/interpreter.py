"""Walks the tree of a template and writes its text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kamalpy.config.templates.erb import Program
from kamalpy.config.templates.language.tree import (
    Assign,
    Begin,
    BlockPass,
    Body,
    Both,
    Call,
    Case,
    Command,
    Constant,
    Define,
    Defined,
    Echoed,
    Either,
    If,
    Interpolation,
    Items,
    Jump,
    Lambda,
    Literal,
    Node,
    Not,
    Pairs,
    Pattern,
    Put,
    Span,
    Splat,
    Spread,
    Variable,
    While,
    Yield,
)
from kamalpy.config.templates.looks import to_s
from kamalpy.config.templates.trouble import Trouble
from kamalpy.config.templates.values import Value
from kamalpy.config.templates.world import World

from .calling import Calling
from .flow import Flow
from .output import Output
from .scope import Scope
from .values import Values


class Interpreter(Values, Flow, Calling):
    """One program in one world, writing to one output."""

    def __init__(self, world: World, program: Program, output: Output) -> None:
        super().__init__(world, program, output)
        self._readers: dict[type, Callable[[Any, Scope], Value]] = {
            Assign: self.assign,
            Begin: self.begin,
            BlockPass: self.misplaced,
            Body: self._body,
            Both: self.both,
            Call: self.call,
            Case: self.case,
            Command: self.command,
            Constant: self.constant,
            Define: self.define,
            Defined: self.defined,
            Echoed: self._echo,
            Either: self.either,
            If: self.choose,
            Interpolation: self.interpolation,
            Items: self.items,
            Jump: self.jump,
            Lambda: self.arrow,
            Literal: self._literal,
            Not: self.negation,
            Pairs: self.pairs,
            Pattern: self.pattern,
            Put: self._put,
            Span: self.span,
            Splat: self.misplaced,
            Spread: self.spread,
            Variable: self.variable,
            While: self.loop,
            Yield: self.yield_,
        }

    def evaluate(self, node: Node, scope: Scope) -> Value:
        """The value of a node; a trouble learns here where it arose."""
        self.meter.spend()
        self.meter.deeper()
        try:
            return self._readers[type(node)](node, scope)
        except Trouble as trouble:
            if trouble.offset is None:
                trouble.offset = node.at
            raise
        finally:
            self.meter.shallower()

    def _body(self, node: Body, scope: Scope) -> Value:
        value: Value = None
        for statement in node.statements:
            value = self.evaluate(statement, scope)
        return value

    def _literal(self, node: Literal, scope: Scope) -> Value:
        return node.value

    def _put(self, node: Put, scope: Scope) -> Value:
        line = self.program.line(node.text.offset)
        self.output.write(node.text.text, line, walks=True)
        return None

    def _echo(self, node: Echoed, scope: Scope) -> Value:
        text = to_s(self.evaluate(node.value, scope), self.meter)
        line, _ = self.program.place(node.at)
        self.output.write(text, line, walks=False)
        return None
