"""
Read a host's state: again for each operation called by hand, once for those of a plan.

The operations of one plan know what each of them changes, so one reading per phase is enough for
all. After any other operation on a host, the next one of the plan reads again.
"""

from __future__ import annotations

import secrets as random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields

from gevent.lock import RLock
from pyinfra.api.host import Host as Server

from kamalpy._pyinfra import (
    after_connecting,
    after_each_operation,
    is_executing,
    operation_of,
    run_object,
    this_host,
)
from kamalpy._pyinfra.execution import Arguments, connector_arguments
from kamalpy.commands.base import Payload
from kamalpy.commands.state_query import StateQuery
from kamalpy.facts.state import HostFacts
from kamalpy.spec.state import HostState


@dataclass(slots=True)
class _Readings:
    """The readings of this run."""

    key: str = field(default_factory=lambda: random.token_hex(16))
    expected: dict[str, StateQuery] = field(default_factory=dict)
    planned: dict[str, set[str | None]] = field(default_factory=dict)
    planning: Counter[str] = field(default_factory=Counter)
    arguments: dict[str, Arguments] = field(default_factory=dict)
    seen: dict[str, tuple[bool | None, StateQuery, HostState]] = field(default_factory=dict)
    locks: dict[str, RLock] = field(default_factory=dict)

    def __post_init__(self) -> None:
        after_each_operation(self.forget_after_others)
        after_connecting(lambda server: self.forget(server.name))

    def forget(self, server: str) -> None:
        self.seen.pop(server, None)

    def forget_after_others(self, server: Server, operation: str, succeeded: bool) -> None:
        if operation not in self.planned.get(server.name, ()):
            self.forget(server.name)


def observe(query: StateQuery) -> HostState:
    """Read the part of the current host's state that a query needs."""
    server = this_host()
    readings = run_object(_Readings)
    if not _is_planned(readings, server):
        return HostState.from_facts(_get(server, query, readings.key), readings.key)
    with readings.locks.setdefault(server.name, RLock()):
        phase, answered, state = readings.seen.get(server.name, (None, StateQuery(), HostState()))
        if phase is not is_executing() or not _covers(answered, query):
            answered = _union(readings.expected.get(server.name, StateQuery()), query)
            given = readings.arguments.get(server.name, {})
            state = HostState.from_facts(_get(server, answered, readings.key, given), readings.key)
            readings.seen[server.name] = (is_executing(), answered, state)
        return state


def forget() -> None:
    """Discard what was read of the current host."""
    run_object(_Readings).forget(this_host().name)


def expect(query: StateQuery, arguments: Arguments | None = None) -> None:
    """Announce what the operations of a plan will read of the current host, and their arguments."""
    readings, name = run_object(_Readings), this_host().name
    readings.expected[name] = _union(readings.expected.get(name, StateQuery()), query)
    if arguments is not None and arguments != readings.arguments.get(name):
        readings.arguments[name] = arguments
        readings.seen.pop(name, None)


@contextmanager
def planning() -> Iterator[None]:
    """Treat operations of the current host as parts of a plan while they are called."""
    planning, name = run_object(_Readings).planning, this_host().name
    planning[name] += 1  # a counter, since one host may read for another one
    try:
        yield
    finally:
        planning[name] -= 1


def is_part_of_plan(operation: str) -> None:
    """Treat an operation of the current host, by its hash, as a part of a plan."""
    run_object(_Readings).planned.setdefault(this_host().name, set()).add(operation)


def _is_planned(readings: _Readings, server: Server) -> bool:
    if readings.planning[server.name] > 0:
        return True
    return operation_of(server) in readings.planned.get(server.name, ())


def _get(
    server: Server, query: StateQuery, key: str, arguments: Arguments | None = None
) -> dict[str, object]:
    wanted = {name: value for name, value in asdict(query).items() if value}
    listed = {name: list(v) if isinstance(v, tuple) else v for name, v in wanted.items()}
    given = {**connector_arguments(arguments or {}), "_stdin": Payload(key)}
    answer: dict[str, object] = server.get_fact(HostFacts, **listed, **given)
    return answer


def _covers(answered: StateQuery, query: StateQuery) -> bool:
    return _union(answered, query) == answered


def _union(one: StateQuery, other: StateQuery) -> StateQuery:
    lists = {
        each.name: tuple(dict.fromkeys((*getattr(one, each.name), *getattr(other, each.name))))
        for each in fields(StateQuery)
        if each.name != "lock"
    }
    return StateQuery(**lists, lock=one.lock or other.lock)
