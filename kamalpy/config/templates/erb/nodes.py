"""The syntax tree: frozen nodes with their offset in the template (``at``), which evaluate."""

from __future__ import annotations

from collections.abc import Sequence as Items
from dataclasses import dataclass

from kamalpy.config.templates.commands import run_command
from kamalpy.config.templates.context import RenderContext
from kamalpy.config.templates.template_errors import (
    MissingVariableError,
    RenderError,
    RubyError,
    UnsupportedError,
)

from .environ import missing_variable
from .methods import call_function, call_method, constant, has_method, is_kind_of
from .regexps import compile_regexp
from .values import (
    Block,
    MethodCall,
    Module,
    Scope,
    Value,
    as_key,
    expect,
    is_truthy,
    spelled,
    to_s,
)


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a template."""

    at: int

    def evaluate(self, context: RenderContext, scope: Scope) -> Value:
        """Return the value; an error gets its offset here."""
        context.meter.spend()
        context.meter.enter()
        try:
            return self._value(context, scope)
        except RenderError as error:
            if error.offset is None:
                error.offset = self.at
            raise
        finally:
            context.meter.leave()

    def _value(self, context: RenderContext, scope: Scope) -> Value:
        raise UnsupportedError("this value", offset=self.at)


@dataclass(frozen=True, slots=True)
class Sequence(Node):
    """Statements."""

    statements: tuple[Node, ...]

    def _value(self, context: RenderContext, scope: Scope) -> Value:
        value: Value = None
        for statement in self.statements:
            value = statement.evaluate(context, scope)
        return value


@dataclass(frozen=True, slots=True)
class Output(Node):
    """``<%= value %>``, or the text between tags."""

    value: Node
    is_text: bool = False

    def _value(self, context: RenderContext, scope: Scope) -> Value:
        text = to_s(self.value.evaluate(context, scope), context.meter)
        context.output.write(text, context.places.line(self.at), follows=self.is_text)
        return None


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, symbol, plain string, ``nil``, ``true`` or ``false``."""

    value: object

    def _value(self, context: RenderContext, scope: Scope) -> Value:
        return self.value


@dataclass(frozen=True, slots=True)
class Interpolation(Node):
    """``"text #{value}"``, ``/regexp/`` or a command in back-ticks."""

    parts: tuple[Node, ...]
    kind: str
    flags: str

    def _value(self, context: RenderContext, scope: Scope) -> Value:
        texts = [to_s(part.evaluate(context, scope), context.meter) for part in self.parts]
        context.meter.allocate(sum(map(len, texts)))
        if self.kind == "command":
            return run_command("".join(texts), context)
        if self.kind == "regexp":
            return compile_regexp("".join(texts), self.flags, context.meter)
        return "".join(texts)


@dataclass(frozen=True, slots=True)
class ArrayLiteral(Node):
    """``[a, b]``"""

    items: tuple[Node, ...]

    def _value(self, context: RenderContext, scope: Scope) -> list[Value]:
        return [item.evaluate(context, scope) for item in self.items]


@dataclass(frozen=True, slots=True)
class HashLiteral(Node):
    """``{key => value}``, or without braces the pairs among arguments."""

    pairs: tuple[tuple[Node, Node], ...]
    braces: bool = True

    def _value(self, context: RenderContext, scope: Scope) -> dict[Value, Value]:
        return {
            as_key(key.evaluate(context, scope)): value.evaluate(context, scope)
            for key, value in self.pairs
        }


@dataclass(frozen=True, slots=True)
class Variable(Node):
    """``local``, ``@instance``, and a constant that is assigned."""

    name: str

    def _value(self, context: RenderContext, scope: Scope) -> Value:
        return (context.shared.variables if self._is_shared() else scope).get(self.name)

    def assign(self, value: Value, context: RenderContext, scope: Scope) -> None:
        """Set it where it is, or in this scope."""
        if self._is_shared():
            context.shared.variables[self.name] = value
        else:
            owner = next((names for names in scope.maps if self.name in names), scope)
            owner[self.name] = value

    def _is_shared(self) -> bool:
        return self.name[0] == "@" or self.name[0].isupper()


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """``File``, ``Kamal::VERSION``"""

    name: str

    def _value(self, context: RenderContext, scope: Scope) -> Value:
        return constant(self.name, context)


@dataclass(frozen=True, slots=True)
class BlockLiteral(Node):
    """``{ |a, b| body }``, or ``&:name`` with the name alone."""

    parameters: tuple[str, ...] = ()
    body: Node | None = None
    name: str = ""

    def closure(self, context: RenderContext, scope: Scope) -> Block:
        """Return what calls the block."""

        def send(receiver: Value, *values: Value) -> Value:
            return call_method(MethodCall(self.name, context), receiver, list(values))

        def run(*values: Value) -> Value:
            if len(values) == 1 and len(self.parameters) > 1 and isinstance(values[0], list):
                values = tuple(values[0])
            missing = len(self.parameters) - len(values)
            given = zip(self.parameters, [*values, *[None] * missing], strict=False)
            return self.body and self.body.evaluate(context, scope.new_child(dict(given)))

        return run if self.body else send


@dataclass(frozen=True, slots=True)
class Call(Node):
    """``receiver.name(arguments) { block }``, and every operator that is a method."""

    receiver: Node | None
    name: str
    arguments: tuple[Node, ...] = ()
    block: BlockLiteral | None = None
    safe: bool = False

    def _value(self, context: RenderContext, scope: Scope) -> Value:
        noted = len(context.problems)
        try:
            return self._called(context, scope)
        except MissingVariableError as error:
            if context.rescuing:
                raise
            error.offset = self._start() if error.offset is None else error.offset
            context.problems.append(error)
            return ""
        finally:
            for problem in context.problems[noted:]:  # those of a template in the template
                problem.offset = self.at if problem.offset is None else problem.offset

    def assign(self, value: Value, context: RenderContext, scope: Scope) -> None:
        """``receiver[argument] = value``"""
        receiver = self.receiver and self.receiver.evaluate(context, scope)
        values = [each.evaluate(context, scope) for each in self.arguments]
        call_method(MethodCall("[]=", context), receiver, [*values, value])

    def _called(self, context: RenderContext, scope: Scope) -> Value:
        receiver = self.receiver and self.receiver.evaluate(context, scope)
        if receiver is None and self.safe:
            return None
        if receiver is None and not has_method(None, self.name):
            self._require_variable(context)
        block = self.block.closure(context, scope) if self.block else None
        values: list[Value] = []
        pairs: dict[Value, Value] = {}
        for each in self.arguments:
            if isinstance(each, BlockLiteral):
                block = each.closure(context, scope)
            elif isinstance(each, HashLiteral) and not each.braces:
                pairs = expect(each.evaluate(context, scope), dict)
            else:
                values.append(each.evaluate(context, scope))
        call = MethodCall(self.name, context, block)
        if self.receiver is None:
            return call_function(call, values, pairs)
        return call_method(call, receiver, values, pairs)

    def _require_variable(self, context: RenderContext) -> None:
        """Name the variable that is not set: ``ENV["NAME"]``."""
        match self.receiver:
            case Call(receiver=Constant(name="ENV"), name="[]", arguments=(Literal(value=name),)):
                what = f'ENV["{name}"] is not set, so {spelled(self.name)} has nothing to work on'
                how = f'or write ENV.fetch("{name}", "...")'
                raise missing_variable(str(name), what, context, how)

    def _start(self) -> int:
        """Return where a chain of calls begins: ``ENV`` in ``ENV.fetch``."""
        node: Node = self
        while isinstance(node, Call) and node.receiver is not None:
            node = node.receiver
        return node.at


@dataclass(frozen=True, slots=True)
class Assignment(Node):
    """``target = value``, ``target ||= value``"""

    target: Variable | Call
    value: Node
    operator: str = ""

    def _value(self, context: RenderContext, scope: Scope) -> Value:
        old = self.target.evaluate(context, scope) if self.operator else None
        if self.operator in ("||", "&&") and is_truthy(old) == (self.operator == "||"):
            return old
        value = self.value.evaluate(context, scope)
        if self.operator not in ("", "||", "&&"):
            value = call_method(MethodCall(self.operator, context), old, [value])
        self.target.assign(value, context, scope)
        return value


@dataclass(frozen=True, slots=True)
class Logical(Node):
    """``left && right``, ``left || right``"""

    operator: str
    left: Node
    right: Node

    def _value(self, context: RenderContext, scope: Scope) -> Value:
        left = self.left.evaluate(context, scope)
        decided = is_truthy(left) == (self.operator == "||")
        return left if decided else self.right.evaluate(context, scope)


@dataclass(frozen=True, slots=True)
class If(Node):
    """``if``, ``unless``, ``condition ? a : b``"""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node | None = None

    def _value(self, context: RenderContext, scope: Scope) -> Value:
        for condition, body in self.branches:
            if is_truthy(condition.evaluate(context, scope)):
                return body.evaluate(context, scope)
        return self.otherwise and self.otherwise.evaluate(context, scope)


@dataclass(frozen=True, slots=True)
class Rescue(Node):
    """``body rescue other``, ``begin; body; rescue KeyError; other; end``"""

    body: Node
    kinds: Items[Node]
    otherwise: Node

    def _value(self, context: RenderContext, scope: Scope) -> Value:
        context.rescuing += 1
        try:
            return self.body.evaluate(context, scope)
        except RubyError as error:
            kinds = [kind.evaluate(context, scope) for kind in self.kinds]
            names = [kind.name for kind in kinds if isinstance(kind, Module)]
            if not any(is_kind_of(error.kind, name) for name in names or ["StandardError"]):
                raise
        finally:
            context.rescuing -= 1
        return self.otherwise.evaluate(context, scope)
