"""Evaluates conditions, loops, ``begin`` and leaps."""

from __future__ import annotations

from kamalpy.config.templates.builtins.failures import is_a
from kamalpy.config.templates.language import tree
from kamalpy.config.templates.trouble import Beyond, RubyError
from kamalpy.config.templates.values import Failure, Module, Value, truthy

from .base import Base
from .scope import Jump, Scope


class Flow(Base):
    """What runs, and how often."""

    def negation(self, node: tree.Not, scope: Scope) -> Value:
        """``!a``"""
        return not self.holds(node.value, scope)

    def both(self, node: tree.Both, scope: Scope) -> Value:
        """``a && b``"""
        left = self.evaluate(node.left, scope)
        return self.evaluate(node.right, scope) if truthy(left) else left

    def either(self, node: tree.Either, scope: Scope) -> Value:
        """``a || b``"""
        left = self.evaluate(node.left, scope)
        return left if truthy(left) else self.evaluate(node.right, scope)

    def choose(self, node: tree.If, scope: Scope) -> Value:
        """``if``, ``unless``, ``a ? b : c``"""
        for condition, body in node.branches:
            if self.holds(condition, scope):
                return self.evaluate(body, scope)
        return None if node.otherwise is None else self.evaluate(node.otherwise, scope)

    def case(self, node: tree.Case, scope: Scope) -> Value:
        """``case a when b``"""
        subject = None if node.subject is None else self.evaluate(node.subject, scope)
        for patterns, body in node.branches:
            if any(self._fits(node, pattern, subject, scope) for pattern in patterns):
                return self.evaluate(body, scope)
        return None if node.otherwise is None else self.evaluate(node.otherwise, scope)

    def _fits(self, node: tree.Case, pattern: tree.Node, subject: Value, scope: Scope) -> bool:
        starred = isinstance(pattern, tree.Splat)
        found = self.evaluate(pattern.value if isinstance(pattern, tree.Splat) else pattern, scope)
        candidates = found if starred and isinstance(found, list) else [found]
        if node.subject is None:
            return any(map(truthy, candidates))
        return any(truthy(self.sender.send(each, "===", subject)) for each in candidates)

    def loop(self, node: tree.While, scope: Scope) -> Value:
        """``while``, ``until``"""
        before, scope.target = scope.target, object()
        here = scope.target
        first = node.first
        try:
            while first or self.holds(node.condition, scope):
                first = False
                try:
                    self.evaluate(node.body, scope)
                except Jump as jump:
                    if jump.word != "next" or jump.target is not here:
                        raise
        except Jump as jump:
            if jump.word != "break" or jump.target is not here:
                raise
            return jump.value
        finally:
            scope.target = before
        return None

    def jump(self, node: tree.Jump, scope: Scope) -> Value:
        """``break``, ``next``, ``return``"""
        target = scope.frame if node.word == "return" else scope.target
        if target is None or (target is scope.frame and not scope.frame.method):
            raise Beyond(f"`{node.word}` outside of a loop or method")
        value = None if node.value is None else self.evaluate(node.value, scope)
        raise Jump(node.word, target, value)

    def begin(self, node: tree.Begin, scope: Scope) -> Value:
        """``begin ... rescue ... else ... ensure ... end``"""
        try:
            return self._guarded(node, scope)
        finally:
            if node.ensure is not None:
                self.evaluate(node.ensure, scope)

    def _guarded(self, node: tree.Begin, scope: Scope) -> Value:
        caught: RubyError | None = None
        value: Value = None
        self.rescuing += bool(node.rescues)
        try:
            value = self.evaluate(node.body, scope)
        except RubyError as error:
            caught = error
        finally:
            self.rescuing -= bool(node.rescues)
        if caught is not None:
            return self._rescued(node, caught, scope)
        return value if node.otherwise is None else self.evaluate(node.otherwise, scope)

    def _rescued(self, node: tree.Begin, error: RubyError, scope: Scope) -> Value:
        clause = next((each for each in node.rescues if self._catches(each, error, scope)), None)
        if clause is None:
            raise error
        if clause.name is not None:
            name = tree.Variable(clause.at, clause.name)
            self.assigned(name, Failure(error.kind, error.message), scope)
        self.caught.append(error)
        try:
            return self.evaluate(clause.body, scope)
        finally:
            self.caught.pop()

    def _catches(self, clause: tree.Rescue, error: RubyError, scope: Scope) -> bool:
        kinds: list[Value] = [Module("StandardError")] if not clause.kinds else []
        for node in clause.kinds:
            starred = isinstance(node, tree.Splat)
            found = self.evaluate(node.value if isinstance(node, tree.Splat) else node, scope)
            kinds += found if starred and isinstance(found, list) else [found]
        names = [kind.name for kind in kinds if isinstance(kind, Module)]
        return any(is_a(error.kind, name) for name in names)
