"""Evaluates a syntax tree, and writes the text of its template."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kamalpy.config.templates.commands import run_command
from kamalpy.config.templates.context import RenderContext
from kamalpy.config.templates.erb import Places, places_in
from kamalpy.config.templates.methods import (
    Arguments,
    MethodCall,
    call_method,
    constant,
    has_method,
    is_kind_of,
    missing_variable,
    spelled,
)
from kamalpy.config.templates.output import Output
from kamalpy.config.templates.syntax import nodes
from kamalpy.config.templates.syntax.nodes import Node
from kamalpy.config.templates.syntax.parser import parse
from kamalpy.config.templates.template_errors import (
    MissingVariableError,
    RenderError,
    RubyError,
    UnsupportedError,
)

from .formatting import to_s
from .regexps import compile_regexp
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
    is_truthy,
)


class JumpSignal(Exception):  # noqa: N818 - not an error
    """``next`` or ``break``, on its way out of a block."""

    def __init__(self, word: str, value: Value) -> None:
        super().__init__(word)
        self.word = word
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
            nodes.ArrayLiteral: self._array,
            nodes.Assignment: self._assignment,
            nodes.Begin: self._begin,
            nodes.Call: self._call,
            nodes.Constant: lambda node, scope: constant(node.name, self.context),
            nodes.HashLiteral: self._hash,
            nodes.If: self._if,
            nodes.Interpolation: self._interpolation,
            nodes.Jump: self._jump,
            nodes.Literal: lambda node, scope: node.value,
            nodes.Logical: self._logical,
            nodes.Output: self._output,
            nodes.Prefixed: self._prefixed,
            nodes.RangeLiteral: self._range,
            nodes.Sequence: self._sequence,
            nodes.Variable: self._variable,
        }

    def evaluate(self, node: Node, scope: Scope) -> Value:
        """Return the value of a node; an error gets its offset here."""
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

    def send(
        self, receiver: Value, name: str, *arguments: Value, block: Block | None = None
    ) -> Value:
        """Call a method of a value."""
        call = MethodCall(name, self.context, self.send, block)
        return call_method(call, receiver, Arguments(list(arguments)))

    def _optional(self, node: Node | None, scope: Scope) -> Value:
        return None if node is None else self.evaluate(node, scope)

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

    def _items(self, items: tuple[Node, ...], scope: Scope) -> list[Value]:
        found: list[Value] = []
        for item in items:
            if isinstance(item, nodes.Prefixed) and item.sign == "*":
                spread = self.send(None, "Array", self.evaluate(item.value, scope))
                found += spread if isinstance(spread, list) else []
            else:
                found.append(self.evaluate(item, scope))
        self.meter.allocate(len(found))
        return found

    def _array(self, node: nodes.ArrayLiteral, scope: Scope) -> Value:
        return self._items(node.items, scope)

    def _hash(self, node: nodes.HashLiteral, scope: Scope) -> dict[Value, Value]:
        made: dict[Value, Value] = {}
        for key, value in node.pairs:
            if key is not None:
                made[as_key(self.evaluate(key, scope))] = self.evaluate(value, scope)
                continue
            other = self.evaluate(value, scope)
            if not isinstance(other, dict):
                raise UnsupportedError("`**` before something else than a hash")
            made |= other
        self.meter.allocate(len(made))
        return made

    def _range(self, node: nodes.RangeLiteral, scope: Scope) -> Value:
        first, last = self._optional(node.first, scope), self._optional(node.last, scope)
        return Range(first, last, node.exclusive)

    def _prefixed(self, node: nodes.Prefixed, scope: Scope) -> Value:
        raise UnsupportedError(f"`{node.sign}` in this place")

    def _variable(self, node: nodes.Variable, scope: Scope) -> Value:
        if node.name.startswith("$"):
            return self._of_last_match(node.name[1:])
        if node.name.startswith("@"):
            return self.context.shared.variables.get(node.name)
        return scope.holder(node.name).variables.get(node.name)

    def _of_last_match(self, name: str) -> Value:
        match: Any = self.context.last_match
        if match is None or name == "~":
            return match
        return match[int(name)] if int(name) <= match.re.groups else None

    def _logical(self, node: nodes.Logical, scope: Scope) -> Value:
        left = self.evaluate(node.left, scope)
        decided = is_truthy(left) == (node.operator == "||")
        return left if decided else self.evaluate(node.right, scope)

    def _if(self, node: nodes.If, scope: Scope) -> Value:
        for condition, body in node.branches:
            if is_truthy(self.evaluate(condition, scope)):
                return self.evaluate(body, scope)
        return self._optional(node.otherwise, scope)

    def _jump(self, node: nodes.Jump, scope: Scope) -> Value:
        raise JumpSignal(node.word, self._optional(node.value, scope))

    def _assignment(self, node: nodes.Assignment, scope: Scope) -> Value:
        if node.operator in ("||", "&&"):
            old = self.evaluate(node.target, scope)
            if is_truthy(old) == (node.operator == "||"):
                return old
            value = self.evaluate(node.value, scope)
        elif node.operator:
            old = self.evaluate(node.target, scope)
            value = self.send(old, node.operator, self.evaluate(node.value, scope))
        else:
            value = self.evaluate(node.value, scope)
        self._assign(node.target, value, scope)
        return value

    def _assign(self, target: Node, value: Value, scope: Scope) -> None:
        if isinstance(target, nodes.ArrayLiteral):
            values = value if isinstance(value, list) else [value]
            for name, each in _bound(target.items, values).items():
                self._assign(nodes.Variable(target.at, name), each, scope)
        elif isinstance(target, nodes.Call) and target.receiver is not None:
            receiver = self.evaluate(target.receiver, scope)
            self.send(receiver, "[]=", *self._items(target.arguments, scope), value)
        elif isinstance(target, nodes.Variable) and (
            target.name[0] == "@" or target.name[0].isupper()
        ):
            self.context.shared.variables[target.name] = value
        elif isinstance(target, nodes.Variable) and target.name[0] != "$":
            scope.holder(target.name).variables[target.name] = value
        else:
            raise UnsupportedError("this assignment", "{% set name = value %}")

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
        receiver = self._optional(node.receiver, scope)
        if receiver is None and node.receiver is not None:
            if node.safe:
                return None
            self._explain_nil(node)
        arguments = self._arguments(node, scope)
        if isinstance(receiver, Template):
            return self._render(receiver, node, arguments.values)
        if node.receiver is None and node.name == "binding":
            return scope
        if (
            node.receiver is None
            and node.name == "raise"
            and not arguments.values
            and self._rescued
        ):
            raise self._rescued[-1]
        call = MethodCall(
            node.name, self.context, self.send, arguments.block, node.receiver is None
        )
        try:
            return call_method(call, receiver, arguments)
        except JumpSignal as jump:
            if node.block is None or jump.word != "break":
                raise
            return jump.value

    def _explain_nil(self, node: nodes.Call) -> None:
        """Name the variable that is not set."""
        name = _variable_name(node.receiver)
        if name and not has_method(None, node.name):
            what = f'ENV["{name}"] is not set, so {spelled(node.name)} has nothing to work on'
            how = f'or write ENV.fetch("{name}", "...")'
            raise missing_variable(name, what, self.context, how)

    def _arguments(self, node: nodes.Call, scope: Scope) -> Arguments:
        plain = [each for each in node.arguments if not _is_special(each)]
        arguments = Arguments(self._items(tuple(plain), scope))
        for each in node.arguments:
            if isinstance(each, nodes.Prefixed) and each.sign == "&":
                arguments.block = self._block_of(self.evaluate(each.value, scope))
            elif isinstance(each, nodes.HashLiteral) and not each.braces:
                arguments.keywords = self._hash(each, scope)
        if node.block is not None:
            arguments.block = self._closure(node.block, scope)
        return arguments

    def _block_of(self, value: Value) -> Block:
        if not isinstance(value, Symbol):
            raise UnsupportedError("this value as a block", "{{ items | map('trim') }}")
        name = value.name
        return lambda *values: self.send(values[0], name, *values[1:])

    def _closure(self, block: nodes.Block, scope: Scope) -> Block:
        def run(*values: Value) -> Value:
            given: Sequence[Value] = values
            if len(values) == 1 and len(block.parameters) > 1 and isinstance(values[0], list):
                given = values[0]
            inner = Scope(scope, _bound(block.parameters, given))
            try:
                return self.evaluate(block.body, inner)
            except JumpSignal as jump:
                if jump.word != "next":
                    raise
                return jump.value

        return run

    def _begin(self, node: nodes.Begin, scope: Scope) -> Value:
        try:
            return self._with_rescue(node, scope)
        finally:
            self._optional(node.ensure, scope)

    def _with_rescue(self, node: nodes.Begin, scope: Scope) -> Value:
        self._rescuing += bool(node.rescues)
        error: RubyError | None = None
        try:
            value = self.evaluate(node.body, scope)
        except RubyError as raised:
            error = raised
        finally:
            self._rescuing -= bool(node.rescues)
        if error is not None:
            return self._rescue(node, error, scope)
        return value if node.otherwise is None else self.evaluate(node.otherwise, scope)

    def _rescue(self, node: nodes.Begin, error: RubyError, scope: Scope) -> Value:
        for rescue in node.rescues:
            kinds = self._items(rescue.kinds, scope) or [Module("StandardError")]
            names = [kind.name for kind in kinds if isinstance(kind, Module)]
            if any(is_kind_of(error.kind, name) for name in names):
                break
        else:
            raise error
        if rescue.target is not None:
            self._assign(rescue.target, RubyException(error.kind, error.message), scope)
        self._rescued.append(error)
        try:
            return self.evaluate(rescue.body, scope)
        finally:
            self._rescued.pop()

    def _render(self, template: Template, node: nodes.Call, given: list[Value]) -> Value:
        """``ERB.new(text).result``: render a template in the template."""
        scope = given[0] if given else Scope()
        if node.name != "result" or not isinstance(scope, Scope):
            raise UnsupportedError(f"`ERB#{node.name}` with these arguments")
        outer = self.output, self.places
        known = len(self.context.problems)
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


def _bound(targets: tuple[Node, ...], values: Sequence[Value]) -> dict[str, Value]:
    """Match the names in targets or parameters with values."""
    found: dict[str, Value] = {}
    rest = list(values)
    for index, target in enumerate(targets):
        if isinstance(target, nodes.Prefixed):
            count = max(len(rest) - (len(targets) - index - 1), 0)
            value: Value = [rest.pop(0) for _ in range(count)]
            target = target.value
        else:
            value = rest.pop(0) if rest else None
        if isinstance(target, nodes.ArrayLiteral):
            found |= _bound(target.items, value if isinstance(value, list) else [value])
        elif isinstance(target, nodes.Variable):
            found[target.name] = value
        else:
            raise UnsupportedError("this target among several", offset=target.at)
    return found


def _is_special(node: Node) -> bool:
    """Tell whether an argument is a block, or keyword arguments."""
    if isinstance(node, nodes.HashLiteral):
        return not node.braces
    return isinstance(node, nodes.Prefixed) and node.sign == "&"


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
