"""Calls methods: ours by their tables, the template's own, and blocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kamalpy.config.templates.builtins.environ import missing
from kamalpy.config.templates.builtins.kernel import KERNEL, no_name, raised
from kamalpy.config.templates.builtins.methods import invoke, proc_of, spelled
from kamalpy.config.templates.erb import Program
from kamalpy.config.templates.language import tree
from kamalpy.config.templates.trouble import MissingVariable, Trouble
from kamalpy.config.templates.values import (
    Hash,
    Symbol,
    Template,
    Value,
)

from .arguments import Arguments
from .closures import Closures
from .nesting import Binding, Nesting
from .scope import Frame, Jump, Scope
from .sending import responds


@dataclass(frozen=True, slots=True)
class Own:
    """A method that the template defines, and the program it stands in."""

    node: tree.Define
    program: Program


class Calling(Closures, Nesting):
    """Everything that is called."""

    def call(self, node: tree.Call, scope: Scope) -> Value:
        """A call; a variable that is missing is noted, and the template goes on for a while."""
        try:
            return self._called(node, scope)
        except MissingVariable as error:
            if self.rescuing:
                raise
            error.offset = _start(node) if error.offset is None else error.offset
            self.world.problems.append(error)
            return ""

    def _called(self, node: tree.Call, scope: Scope) -> Value:
        if node.receiver is None:
            return self._function(node, scope)
        receiver = self.evaluate(node.receiver, scope)
        if node.safe and receiver is None:
            return None
        if receiver is None and not responds(receiver, node.name):
            self._explain_nil(node)
        target = object()
        passed = self.passed(node, scope, target)
        return self._until_break(target, lambda: self._sent(receiver, node, passed))

    def _until_break(self, target: object, work: Callable[[], Value]) -> Value:
        """The value of a call, or that of ``break`` in its block."""
        try:
            return work()
        except Jump as jump:
            if jump.word != "break" or jump.target is not target:
                raise
            return jump.value

    def _explain_nil(self, node: tree.Call) -> None:
        """Say which variable it is that is not set."""
        name = _variable_name(node.receiver)
        if name:
            what = f'ENV["{name}"] is not set, so {spelled(node.name)} has nothing to work on'
            raise missing(name, what, self.world, f'or write ENV.fetch("{name}", "...")')

    def _sent(self, receiver: Value, node: tree.Call, passed: Arguments) -> Value:
        if isinstance(receiver, Template):
            return self.rendered(receiver, node, passed)
        return self.sender.send(
            receiver, node.name, *passed.values, block=passed.block, keywords=passed.keywords
        )

    def passed(self, node: tree.Call, scope: Scope, target: object) -> Arguments:
        """Evaluate arguments and block."""
        found = Arguments([])
        for argument in node.arguments:
            if isinstance(argument, tree.BlockPass):
                found.block = self.as_block(self.evaluate(argument.value, scope))
            elif isinstance(argument, tree.Pairs) and not argument.braces:
                keywords = self.evaluate(argument, scope)
                found.keywords = keywords if isinstance(keywords, Hash) else None
            elif isinstance(argument, tree.Splat):
                spread = self.evaluate(tree.Items(argument.at, (argument,)), scope)
                found.values += spread if isinstance(spread, list) else []
            else:
                found.values.append(self.evaluate(argument, scope))
        if node.block is not None:
            found.block = self.closure(node.block, scope, target)
        return found

    def _function(self, node: tree.Call, scope: Scope) -> Value:
        own = self.world.memory.methods.get(node.name)
        if isinstance(own, Own):
            target = object()
            passed = self.passed(node, scope, target)
            return self._until_break(target, lambda: self._own(own, passed))
        if node.name == "block_given?":
            return scope.frame.block is not None
        if node.name == "binding":
            return Binding(scope)
        if node.name == "__dir__":
            return "."
        if node.name in ("lambda", "proc") and node.block is not None:
            if node.name == "lambda":
                return self.lambda_(node.block, scope)
            return self.closure(node.block, scope, object())
        return self._kernel(node, scope)

    def _kernel(self, node: tree.Call, scope: Scope) -> Value:
        method = KERNEL.get(node.name)
        if method is None:
            raise no_name(node.name, called=bool(node.arguments or node.block))
        target = object()
        passed = self.passed(node, scope, target)
        if node.name in ("raise", "fail"):
            current = self.caught[-1] if self.caught else None
            raise raised(self.circumstances("raise"), tuple(passed.values), current)
        call = self.circumstances(node.name).with_block(passed.block)
        return self._until_break(
            target, lambda: invoke(method, call, None, passed.values, passed.keywords)
        )

    def define(self, node: tree.Define, scope: Scope) -> Value:
        """``def name``"""
        self.world.memory.methods[node.name] = Own(node, self.program)
        return Symbol(node.name)

    def _own(self, own: Own, passed: Arguments) -> Value:
        frame = Frame(passed.block, method=True)
        scope = Scope(frame)
        values = passed.values if passed.keywords is None else [*passed.values, passed.keywords]
        self.binder.bind(own.node.parameters, values, scope, strict=True, block=passed.block)
        try:
            return self.ended(own.node.body, scope, frame)
        except Trouble as trouble:
            if own.program is not self.program:
                trouble.offset = None
            raise

    def yield_(self, node: tree.Yield, scope: Scope) -> Value:
        """``yield x``"""
        call = self.circumstances("yield").with_block(scope.frame.block)
        block = proc_of(call)
        values = [value for each in node.arguments for value in self._each(each, scope)]
        return block.call(*values)

    def _each(self, node: tree.Node, scope: Scope) -> list[Value]:
        if isinstance(node, tree.Splat):
            found = self.evaluate(tree.Items(node.at, (node,)), scope)
            return found if isinstance(found, list) else []
        return [self.evaluate(node, scope)]


def _start(node: tree.Node) -> int:
    """Where a chain of calls begins: ``ENV`` in ``ENV.fetch``."""
    while isinstance(node, tree.Call) and node.receiver is not None:
        node = node.receiver
    return node.at


def _variable_name(node: tree.Node | None) -> str:
    """The name in ``ENV["NAME"]``."""
    if not isinstance(node, tree.Call) or node.name != "[]" or len(node.arguments) != 1:
        return ""
    name = node.arguments[0]
    of_env = isinstance(node.receiver, tree.Constant) and node.receiver.name == "ENV"
    if of_env and isinstance(name, tree.Literal) and isinstance(name.value, str):
        return name.value
    return ""
