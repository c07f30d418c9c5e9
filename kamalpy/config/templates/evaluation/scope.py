"""Local variables, and where ``break``, ``next`` and ``return`` go."""

from __future__ import annotations

from dataclasses import dataclass, field

from kamalpy.config.templates.values import Proc, Value


class Jump(Exception):  # noqa: N818 - nothing went wrong
    """A leap out of what is running: ``break``, ``next`` or ``return``."""

    def __init__(self, word: str, target: object, value: Value) -> None:
        super().__init__(word)
        self.word = word
        self.target = target
        self.value = value


@dataclass(slots=True)
class Frame:
    """One call of a method: its block, for ``yield``."""

    block: Proc | None = None
    method: bool = False


@dataclass(slots=True)
class Scope:
    """Variables; a block's scope sees those around it."""

    frame: Frame = field(default_factory=Frame)
    parent: Scope | None = None
    variables: dict[str, Value] = field(default_factory=dict)
    target: object = None

    def get(self, name: str) -> Value:
        """A variable's value; nil when it was never reached."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.variables:
                return scope.variables[name]
            scope = scope.parent
        return None

    def set(self, name: str, value: Value) -> None:
        """Assign where the variable lives, or here."""
        scope: Scope | None = self
        while scope is not None and name not in scope.variables:
            scope = scope.parent
        (scope or self).variables[name] = value

    def names(self) -> frozenset[str]:
        """All variables that can be seen from here."""
        around = self.parent.names() if self.parent is not None else frozenset()
        return around | self.variables.keys()
