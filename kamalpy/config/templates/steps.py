"""The program that a regular expression becomes, and how its parts are put together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from .characters import Test
from .trouble import Exceeded

_MAX_STEPS = 2_000


@dataclass(frozen=True, slots=True)
class One:
    """Matches one character."""

    test: Test


@dataclass(frozen=True, slots=True)
class Fork:
    """Goes on at both places, the first one preferred."""

    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Save:
    """Remembers the place as an edge of a group."""

    slot: int


@dataclass(frozen=True, slots=True)
class Here:
    """Holds at certain places: start, end, edge of a word."""

    where: str


@dataclass(frozen=True, slots=True)
class Done:
    """The end of the program: found."""


Step: TypeAlias = One | Fork | Save | Here | Done


@dataclass(frozen=True, slots=True)
class Program:
    """What ``matcher`` runs, and the names of the groups."""

    steps: tuple[Step, ...]
    groups: int
    names: dict[str, int] = field(default_factory=dict)


def moved(steps: list[Step], by: int) -> list[Step]:
    """The same steps at a later place of the program."""
    return [
        Fork(step.first + by, step.second + by) if isinstance(step, Fork) else step
        for step in steps
    ]


def bounded(steps: list[Step]) -> list[Step]:
    """The same steps, unless they are too many."""
    if len(steps) > _MAX_STEPS:
        raise Exceeded("a regular expression is too large")
    return steps


def forked(left: list[Step], right: list[Step]) -> list[Step]:
    """``a|b``"""
    end = len(left) + 2 + len(right)
    jump = Fork(end, end)
    return [Fork(1, len(left) + 2), *moved(left, 1), jump, *moved(right, len(left) + 2)]


def looped(steps: list[Step], *, lazy: bool) -> list[Step]:
    """``a*``"""
    inside, after = 1, len(steps) + 2
    fork = Fork(after, inside) if lazy else Fork(inside, after)
    return [fork, *moved(steps, 1), Fork(0, 0)]


def maybe(steps: list[Step], *, lazy: bool) -> list[Step]:
    """``a?``"""
    inside, after = 1, len(steps) + 1
    fork = Fork(after, inside) if lazy else Fork(inside, after)
    return [fork, *moved(steps, 1)]
