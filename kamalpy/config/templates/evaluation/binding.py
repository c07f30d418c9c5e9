"""Gives the parameters of a block or method their values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from kamalpy.config.templates.language.tree import Node, Parameter
from kamalpy.config.templates.trouble import RubyError
from kamalpy.config.templates.values import Hash, Proc, Symbol, Value, hash_of, key_of
from kamalpy.config.templates.world import World

from .scope import Scope

Evaluate: TypeAlias = Callable[[Node, Scope], Value]
_PLACED = ("plain", "several", "rest")


class Binder:
    """Binds values to parameters in a scope."""

    def __init__(self, world: World, evaluate: Evaluate) -> None:
        self._world = world
        self._evaluate = evaluate

    def bind(
        self,
        parameters: tuple[Parameter, ...],
        values: list[Value],
        scope: Scope,
        *,
        strict: bool = False,
        block: Proc | None = None,
    ) -> None:
        """Bind as a block does, or as a method or lambda does, which counts its arguments."""
        placed = tuple(each for each in parameters if each.kind in _PLACED)
        named = tuple(each for each in parameters if each.kind in ("key", "keyrest"))
        if named:
            values = self._named(named, values, scope)
        if not strict and len(values) == 1 and isinstance(values[0], list) and _splits(placed):
            values = values[0]
        if strict:
            _count(placed, len(values))
        self._place(placed, list(values), scope)
        for parameter in parameters:
            if parameter.kind == "block" and parameter.name:
                scope.variables[parameter.name] = block

    def _place(self, placed: tuple[Parameter, ...], values: list[Value], scope: Scope) -> None:
        needed = sum(each.kind != "rest" and each.default is None for each in placed)
        spare = max(len(values) - needed, 0)
        for index, parameter in enumerate(placed):
            if parameter.kind == "rest":
                after = len(placed) - index - 1
                count = max(len(values) - after, 0)
                self._one(parameter, values[:count], scope)
                values = values[count:]
            elif parameter.default is not None and not spare:
                self._one(parameter, self._evaluate(parameter.default, scope), scope)
            else:
                spare -= parameter.default is not None
                self._one(parameter, values.pop(0) if values else None, scope)

    def _one(self, parameter: Parameter, value: Value, scope: Scope) -> None:
        if parameter.kind == "several":
            inner = value if isinstance(value, list) else [value]
            self._world.meter.deeper()
            self._place(parameter.parts, list(inner), scope)
            self._world.meter.shallower()
        elif parameter.name:
            scope.variables[parameter.name] = value

    def _named(
        self, named: tuple[Parameter, ...], values: list[Value], scope: Scope
    ) -> list[Value]:
        """Take keyword arguments from the end; answer what is left."""
        last = values[-1] if values else None
        given = dict(last.entries) if isinstance(last, Hash) else {}
        for parameter in named:
            if parameter.kind == "keyrest":
                if parameter.name:
                    scope.variables[parameter.name] = Hash(given) if given else hash_of({})
                given = {}
                continue
            found = given.pop(key_of(Symbol(parameter.name), self._world.meter), None)
            scope.variables[parameter.name] = (
                found[1] if found is not None else self._unset(parameter, scope)
            )
        if given:
            raise RubyError("ArgumentError", "a keyword argument is not known here")
        return values[:-1] if isinstance(last, Hash) else values

    def _unset(self, parameter: Parameter, scope: Scope) -> Value:
        if parameter.default is None:
            raise RubyError("ArgumentError", f"the argument {parameter.name}: is missing")
        return self._evaluate(parameter.default, scope)


def _splits(placed: tuple[Parameter, ...]) -> bool:
    """Whether a single array is spread over the parameters."""
    return len(placed) > 1


def _count(placed: tuple[Parameter, ...], given: int) -> None:
    needed = sum(each.kind != "rest" and each.default is None for each in placed)
    most = len(placed) if all(each.kind != "rest" for each in placed) else given
    if not needed <= given <= most:
        wanted = str(needed) if needed == most else f"{needed} to {most}"
        raise RubyError(
            "ArgumentError", f"{wanted} argument(s) are wanted here, but {given} are given"
        )
