"""Evaluates what is a value, names one, or gives a name one."""

from __future__ import annotations

from kamalpy.config.templates.builtins import modules
from kamalpy.config.templates.builtins.kernel import KERNEL
from kamalpy.config.templates.builtins.patterns import make
from kamalpy.config.templates.builtins.ranges import items_of
from kamalpy.config.templates.commands import run_command
from kamalpy.config.templates.language.tree import (
    Assign,
    Call,
    Command,
    Constant,
    Defined,
    Interpolation,
    Items,
    Node,
    Pairs,
    Pattern,
    Span,
    Splat,
    Spread,
    Variable,
)
from kamalpy.config.templates.trouble import Beyond, RubyError
from kamalpy.config.templates.values import Hash, Range, Value, key_of, truthy

from .base import Base
from .scope import Scope
from .sending import responds

_GROUPS = tuple(f"${number}" for number in range(1, 10))
_SPECIAL = frozenset({
    "$0", "$?", "$@", "$&", "$_", "$,", "$;", "$/", "$\\", "$.", "$<", "$>", "$$", "$*", "$:",
    '$"', "$stdout", "$stderr", "$stdin",
})  # fmt: skip


class Values(Base):
    """Literals with code inside, variables, constants, assignments."""

    def interpolation(self, node: Interpolation, scope: Scope) -> Value:
        """``"a#{b}"``"""
        return self.joined(node.parts, scope)

    def command(self, node: Command, scope: Scope) -> Value:
        """Back-ticks."""
        return run_command(self.joined(node.parts, scope), self.world)

    def pattern(self, node: Pattern, scope: Scope) -> Value:
        """``/x/``"""
        return make(self.joined(node.parts, scope), node.flags, self.circumstances("Regexp.new"))

    def items(self, node: Items, scope: Scope) -> Value:
        """``[a, *b]``"""
        found: list[Value] = []
        for item in node.items:
            found += self.one_or_more(item, scope)
        self.meter.room(len(found))
        return found

    def one_or_more(self, node: Node, scope: Scope) -> list[Value]:
        """The value of a node, or those behind a star."""
        if isinstance(node, Splat):
            return self.spread_out(self.evaluate(node.value, scope))
        return [self.evaluate(node, scope)]

    def spread_out(self, value: Value) -> list[Value]:
        """What a star makes of a value."""
        if isinstance(value, list):
            return list(value)
        if isinstance(value, Range):
            return items_of(value, self.circumstances("to_a"))
        if isinstance(value, Hash):
            return [[key, item] for key, item in value.pairs()]
        return [] if value is None else [value]

    def pairs(self, node: Pairs, scope: Scope) -> Hash:
        """``{ a: 1, **b }``"""
        table = Hash()
        for key, item in node.pairs:
            value = self.evaluate(item, scope)
            if key is not None:
                name = self.evaluate(key, scope)
                table.set(key_of(name, self.meter), name, value)
            elif isinstance(value, Hash):
                table.entries.update(value.entries)
            elif value is not None:
                raise RubyError("TypeError", "** wants a hash")
        self.meter.room(len(table.entries))
        return table

    def span(self, node: Span, scope: Scope) -> Value:
        """``a..b``"""
        first = None if node.first is None else self.evaluate(node.first, scope)
        last = None if node.last is None else self.evaluate(node.last, scope)
        return Range(first, last, node.exclusive)

    def variable(self, node: Variable, scope: Scope) -> Value:
        """A local, instance or global variable."""
        if node.name[0] == "@":
            return self.world.memory.variables.get(node.name)
        if node.name[0] == "$":
            return self._global(node.name)
        return scope.get(node.name)

    def _global(self, name: str) -> Value:
        match = self.world.last_match
        if name == "$~":
            return match
        if name in _GROUPS:
            return match.group(int(name[1:])) if match else None
        if name == "$!" or name in _SPECIAL:
            raise Beyond(f"`{name}`")
        return self.world.memory.variables.get(name)

    def constant(self, node: Constant, scope: Scope) -> Value:
        """A constant: the template's own, or one of ours."""
        if node.name in self.world.memory.variables:
            return self.world.memory.variables[node.name]
        return modules.constant(node.name, self.world)

    def assign(self, node: Assign, scope: Scope) -> Value:
        """``a = 1``, ``a ||= 1``, ``a[b] += 1``"""
        target = node.target
        if isinstance(target, Call):
            return self._assign_index(target, node, scope)
        if not node.operator:
            value = self.evaluate(node.value, scope)
        else:
            before = self._before(target, scope)
            value = self._combined(before, node, scope)
        self.assigned(target, value, scope)
        return value

    def _before(self, target: Variable, scope: Scope) -> Value:
        if target.name[0].isupper():
            return self.world.memory.variables.get(target.name)
        return self.variable(target, scope)

    def _assign_index(self, target: Call, node: Assign, scope: Scope) -> Value:
        receiver = None if target.receiver is None else self.evaluate(target.receiver, scope)
        indices = [self.evaluate(argument, scope) for argument in target.arguments]
        if node.operator:
            before = self.sender.send(receiver, "[]", *indices)
            value = self._combined(before, node, scope)
        else:
            value = self.evaluate(node.value, scope)
        self._set_index(receiver, indices, value)
        return value

    def _set_index(self, receiver: Value, indices: list[Value], value: Value) -> None:
        if isinstance(receiver, str):
            raise Beyond("an assignment to a part of a string")
        self.sender.send(receiver, "[]=", *indices, value)

    def _combined(self, before: Value, node: Assign, scope: Scope) -> Value:
        if node.operator == "||":
            return before if truthy(before) else self.evaluate(node.value, scope)
        if node.operator == "&&":
            return self.evaluate(node.value, scope) if truthy(before) else before
        return self.sender.send(before, node.operator, self.evaluate(node.value, scope))

    def spread(self, node: Spread, scope: Scope) -> Value:
        """``a, *b = values``"""
        value = self.evaluate(node.value, scope)
        rest = list(value) if isinstance(value, list) else [value]
        stars = [index for index, target in enumerate(node.targets) if isinstance(target, Splat)]
        for index, target in enumerate(node.targets):
            if isinstance(target, Splat):
                count = max(len(rest) - (len(node.targets) - index - 1), 0)
                self.assigned(target.value, rest[:count], scope)
                rest = rest[count:]
            else:
                self.assigned(target, rest.pop(0) if rest else None, scope)
        if len(stars) > 1:
            raise Beyond("two stars in an assignment")
        return value

    def assigned(self, node: Node, value: Value, scope: Scope) -> None:
        """Give a variable or an index a value."""
        if isinstance(node, Call) and node.receiver is not None:
            receiver = self.evaluate(node.receiver, scope)
            indices = [self.evaluate(argument, scope) for argument in node.arguments]
            self._set_index(receiver, indices, value)
        elif isinstance(node, Variable):
            if node.name[0] in "@$" or node.name[0].isupper():
                self.world.memory.variables[node.name] = value
            else:
                scope.set(node.name, value)

    def defined(self, node: Defined, scope: Scope) -> Value:
        """``defined?(x)``"""
        inner = node.value
        while hasattr(inner, "statements") and len(inner.statements) == 1:
            inner = inner.statements[0]
        if isinstance(inner, Variable):
            return self._defined_variable(inner, scope)
        if isinstance(inner, Constant):
            return self._defined_constant(inner, scope)
        if isinstance(inner, Call):
            return "method" if self._defined_method(inner, scope) else None
        return "assignment" if isinstance(inner, (Assign, Spread)) else "expression"

    def _defined_variable(self, node: Variable, scope: Scope) -> Value:
        if node.name[0] in "@$":
            kind = "instance-variable" if node.name[0] == "@" else "global-variable"
            return kind if node.name in self.world.memory.variables else None
        return "local-variable"

    def _defined_constant(self, node: Constant, scope: Scope) -> Value:
        try:
            self.constant(node, scope)
        except RubyError:
            return None
        return "constant"

    def _defined_method(self, node: Call, scope: Scope) -> bool:
        if node.receiver is None:
            return node.name in self.world.memory.methods or node.name in KERNEL
        try:
            return responds(self.evaluate(node.receiver, scope), node.name)
        except RubyError:
            return False
