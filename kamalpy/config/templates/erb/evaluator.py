"""Evaluates a syntax tree, and writes the text of its template."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kamalpy.config.templates.commands import run_command
from kamalpy.config.templates.context import RenderContext
from kamalpy.config.templates.output import Output
from kamalpy.config.templates.template_errors import (
    MissingVariableError,
    RenderError,
    RubyError,
    UnsupportedError,
)

from . import nodes
from .calls import Arguments, MethodCall, spelled
from .constants import constant, is_kind_of
from .environ import missing_variable
from .formatting import to_s
from .methods import call_method, has_method, items_of
from .nodes import Node
from .parser import parse
from .regexps import compile_regexp
from .tags import Places, places_in
from .values import (
    Block,
    Module,
    Range,
    RubyException,
    Scope,
    Symbol,
    Template,
    Value,
    as_key,
    expect,
    is_truthy,
)


class NextSignal(Exception):  # noqa: N818 - not an error
    """``next``, on its way out of a block."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


class Evaluator:
    """Evaluates the templates of one rendering."""

    def __init__(self, context: RenderContext, output: Output, places: Places) -> None:
        self.context = context
        self.meter = context.meter
        self.output = output
        self.places = places
        self._rescuing = 0
        self._rescued: list[RubyError] = []
        self._evaluators: dict[type, Callable[[Any, Scope], Value]] = {
            nodes.ArrayLiteral: lambda node, scope: self._items(node.items, scope),
            nodes.Assignment: self._assignment,
            nodes.Begin: self._begin,
            nodes.Call: self._call,
            nodes.Constant: lambda node, scope: constant(node.name, self.context),
            nodes.HashLiteral: self._hash,
            nodes.If: self._if,
            nodes.Interpolation: self._interpolation,
            nodes.Literal: lambda node, scope: node.value,
            nodes.Logical: self._logical,
            nodes.Next: self._next,
            nodes.Output: self._output,
            nodes.RangeLiteral: self._range,
            nodes.Sequence: self._sequence,
            nodes.Variable: self._variable,
        }

    def evaluate(self, node: Node | None, scope: Scope) -> Value:
        """Return the value of a node, nil without one; an error gets its offset here."""
        if node is None:
            return None
        self.meter.spend()
        self.meter.enter()
        try:
            return self._evaluators[type(node)](node, scope)
        except RenderError as error:
            if error.offset is None:
                error.offset = node.at
            raise
        finally:
            self.meter.leave()

    def send(self, receiver: Value, name: str, *values: Value, block: Block | None = None) -> Value:
        """Call a method of a value."""
        call = MethodCall(name, self.context, self.send, block)
        return call_method(call, receiver, Arguments(list(values)))

    def _sequence(self, node: nodes.Sequence, scope: Scope) -> Value:
        value: Value = None
        for statement in node.statements:
            value = self.evaluate(statement, scope)
        return value

    def _output(self, node: nodes.Output, scope: Scope) -> Value:
        text = to_s(self.evaluate(node.value, scope), self.meter)
        self.output.write(text, self.places.line(node.at), follows=node.is_text)
        return None

    def _interpolation(self, node: nodes.Interpolation, scope: Scope) -> Value:
        texts = [to_s(self.evaluate(part, scope), self.meter) for part in node.parts]
        self.meter.allocate(sum(map(len, texts)))
        text = "".join(texts)
        if node.kind == "command":
            return run_command(text, self.context)
        if node.kind == "regexp":
            return compile_regexp(text, node.flags, self.meter)
        return Symbol(text) if node.kind == "symbol" else text

    def _items(self, items: Sequence[Node], scope: Scope) -> list[Value]:
        found: list[Value] = []
        for item in items:
            if isinstance(item, nodes.Prefixed):
                value = self.evaluate(item.value, scope)
                spread = value if isinstance(value, list) else items_of(value, self.meter)
                found += [value] if spread is None else spread
            else:
                found.append(self.evaluate(item, scope))
        self.meter.allocate(len(found))
        return found

    def _hash(self, node: nodes.HashLiteral, scope: Scope) -> dict[Value, Value]:
        made: dict[Value, Value] = {}
        for key, value in node.pairs:
            if key is None:
                made |= expect(self.evaluate(value, scope), dict)
            else:
                made[as_key(self.evaluate(key, scope))] = self.evaluate(value, scope)
        self.meter.allocate(len(made))
        return made

    def _range(self, node: nodes.RangeLiteral, scope: Scope) -> Value:
        first, last = self.evaluate(node.first, scope), self.evaluate(node.last, scope)
        return Range(first, last, node.exclusive)

    def _variable(self, node: nodes.Variable, scope: Scope) -> Value:
        name = node.name
        if name[0] == "@":
            return self.context.shared.variables.get(name)
        if name[0] != "$":
            return scope.holder(name).variables.get(name)
        match: Any = self.context.last_match
        if match is None or name == "$~":
            return match
        return match[int(name[1:])] if int(name[1:]) <= match.re.groups else None

    def _logical(self, node: nodes.Logical, scope: Scope) -> Value:
        left = self.evaluate(node.left, scope)
        decided = is_truthy(left) == (node.operator == "||")
        return left if decided else self.evaluate(node.right, scope)

    def _if(self, node: nodes.If, scope: Scope) -> Value:
        for condition, body in node.branches:
            if is_truthy(self.evaluate(condition, scope)):
                return self.evaluate(body, scope)
        return self.evaluate(node.otherwise, scope)

    def _next(self, node: nodes.Next, scope: Scope) -> Value:
        raise NextSignal(self.evaluate(node.value, scope))

    def _assignment(self, node: nodes.Assignment, scope: Scope) -> Value:
        old = self.evaluate(node.target, scope) if node.operator else None
        if node.operator in ("||", "&&") and is_truthy(old) == (node.operator == "||"):
            return old
        value = self.evaluate(node.value, scope)
        if node.operator not in ("", "||", "&&"):
            value = self.send(old, node.operator, value)
        self._assign(node.target, value, scope)
        return value

    def _assign(self, target: Node, value: Value, scope: Scope) -> None:
        if isinstance(target, nodes.ArrayLiteral):
            values = value if isinstance(value, list) else [value]
            for index, each in enumerate(target.items):
                self._assign(each, values[index] if index < len(values) else None, scope)
        elif isinstance(target, nodes.Call):
            receiver = self.evaluate(target.receiver, scope)
            self.send(receiver, "[]=", *self._items(target.arguments, scope), value)
        elif isinstance(target, nodes.Variable):
            shared = target.name[0] == "@" or target.name[0].isupper()
            holder = self.context.shared if shared else scope.holder(target.name)
            holder.variables[target.name] = value

    def _call(self, node: nodes.Call, scope: Scope) -> Value:
        """Evaluate a call; a missing variable is noted, and the template goes on."""
        try:
            return self._called(node, scope)
        except MissingVariableError as error:
            if self._rescuing:
                raise
            error.offset = _start(node) if error.offset is None else error.offset
            self.context.problems.append(error)
            return ""

    def _called(self, node: nodes.Call, scope: Scope) -> Value:
        is_function = node.receiver is None
        receiver = self.evaluate(node.receiver, scope)
        if receiver is None and not is_function:
            if node.safe:
                return None
            self._explain_nil(node)
        arguments = self._arguments(node, scope)
        if isinstance(receiver, Template):
            return self._render(receiver, node, arguments.values)
        if is_function and node.name == "binding":
            return scope
        if is_function and node.name == "raise" and not arguments.values and self._rescued:
            raise self._rescued[-1]
        call = MethodCall(node.name, self.context, self.send, arguments.block, is_function)
        return call_method(call, receiver, arguments)

    def _explain_nil(self, node: nodes.Call) -> None:
        """Name the variable that is not set."""
        name = _variable_name(node.receiver)
        if name and not has_method(None, node.name):
            what = f'ENV["{name}"] is not set, so {spelled(node.name)} has nothing to work on'
            how = f'or write ENV.fetch("{name}", "...")'
            raise missing_variable(name, what, self.context, how)

    def _arguments(self, node: nodes.Call, scope: Scope) -> Arguments:
        arguments, plain = Arguments([]), []
        for each in node.arguments:
            if isinstance(each, nodes.Prefixed) and each.sign == "&":
                arguments.block = self._block_of(self.evaluate(each.value, scope))
            elif isinstance(each, nodes.HashLiteral) and not each.braces:
                arguments.keywords = self._hash(each, scope)
            else:
                plain.append(each)
        arguments.values = self._items(plain, scope)
        if node.block is not None:
            arguments.block = self._closure(node.block, scope)
        return arguments

    def _block_of(self, value: Value) -> Block:
        name = expect(value, Symbol).name
        return lambda *values: self.send(values[0], name, *values[1:])

    def _closure(self, block: nodes.Block, scope: Scope) -> Block:
        def run(*values: Value) -> Value:
            spread = len(values) == 1 and len(block.parameters) > 1
            given = values[0] if spread else list(values)
            inner = Scope(scope, dict.fromkeys(_names(block.parameters)))
            self._assign(nodes.ArrayLiteral(block.at, block.parameters), given, inner)
            try:
                return self.evaluate(block.body, inner)
            except NextSignal as signal:
                return signal.value

        return run

    def _begin(self, node: nodes.Begin, scope: Scope) -> Value:
        self._rescuing += bool(node.rescues)
        try:
            return self.evaluate(node.body, scope)
        except RubyError as error:
            self._rescuing -= bool(node.rescues)
            try:
                return self._rescue(node, error, scope)
            finally:
                self._rescuing += bool(node.rescues)
        finally:
            self._rescuing -= bool(node.rescues)
            self.evaluate(node.ensure, scope)

    def _rescue(self, node: nodes.Begin, error: RubyError, scope: Scope) -> Value:
        for kinds, target, body in node.rescues:
            classes = self._items(kinds, scope) or [Module("StandardError")]
            if not any(is_kind_of(error.kind, to_s(each, self.meter)) for each in classes):
                continue
            if target is not None:
                self._assign(target, RubyException(error.kind, error.message), scope)
            self._rescued.append(error)
            try:
                return self.evaluate(body, scope)
            finally:
                self._rescued.pop()
        raise error

    def _render(self, template: Template, node: nodes.Call, given: list[Value]) -> Value:
        """``ERB.new(text).result``: render a template in the template."""
        scope = given[0] if given else Scope()
        if node.name != "result" or not isinstance(scope, Scope):
            raise UnsupportedError(f"`ERB#{node.name}` with these arguments")
        outer, known = (self.output, self.places), len(self.context.problems)
        self.output, self.places = Output(), places_in(template.text)
        self.meter.spend(len(template.text) // 50)
        try:
            names = scope.names()
            tree = parse(template.text, self.meter, trim=template.trim, variables=names)
            self.evaluate(tree, Scope(scope))
            return self.output.text()
        except RenderError as error:
            error.offset = node.at
            raise
        finally:
            self.output, self.places = outer
            for problem in self.context.problems[known:]:
                problem.offset = node.at


def _names(parameters: Sequence[Node]) -> list[str]:
    """Return the names in the parameters of a block."""
    found: list[str] = []
    for each in parameters:
        found += _names(each.items) if isinstance(each, nodes.ArrayLiteral) else []
        found += [each.name] if isinstance(each, nodes.Variable) else []
    return found


def _start(node: Node) -> int:
    """Return where a chain of calls begins: ``ENV`` in ``ENV.fetch``."""
    while isinstance(node, nodes.Call) and node.receiver is not None:
        node = node.receiver
    return node.at


def _variable_name(node: Node | None) -> str:
    """Return the name in ``ENV["NAME"]``."""
    if not isinstance(node, nodes.Call) or node.name != "[]" or len(node.arguments) != 1:
        return ""
    name = node.arguments[0]
    of_env = isinstance(node.receiver, nodes.Constant) and node.receiver.name == "ENV"
    return str(name.value) if of_env and isinstance(name, nodes.Literal) else ""
