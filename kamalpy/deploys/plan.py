"""
A plan: every step of a deploy over all its hosts, known before anything happens.

All hosts make all steps in the same order, so that pyinfra sees one sequence whatever ``--limit``,
``--parallel`` or its own order of hosts; each step has its own list of hosts. The plan
makes the deploy all or nothing: once a step has failed anywhere before the commit,
nothing but reverting goes on, and the verdict at the end fails every host. Once the commit has
begun anywhere, nothing is taken back any more. A plan that is not atomic reverts only the hosts
that have failed, and the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, ParamSpec

import gevent
from pyinfra.api.arguments_typed import PyinfraOperation
from pyinfra.api.command import PyinfraCommand
from pyinfra.api.exceptions import PyinfraError
from pyinfra.api.host import Host as Server

from kamalpy._pyinfra import (
    commands_of,
    decide_quietly,
    hosts_in_play,
    is_active,
    is_executing,
    on,
    this_host,
)
from kamalpy._pyinfra.execution import Arguments, arguments_beside
from kamalpy.commands.lock import Lock
from kamalpy.commands.state_query import StateQuery
from kamalpy.errors import KamalpyError
from kamalpy.facts.observe import expect, observe, planning
from kamalpy.operations.base import Commands, combined, guarded
from kamalpy.spec.state import HostState

P = ParamSpec("P")


class Stage(IntEnum):
    """When a step happens, and what must have gone well before it."""

    LOCK = 0
    PREPARE = 1
    BOOT = 2
    SWITCH = 3
    REVERT = 4
    COMMIT = 5
    RETIRE = 6
    UNLOCK = 7
    AFTER = 8
    AFTER_FAILURE = 9
    VERDICT = 10


BEFORE_COMMIT = (Stage.PREPARE, Stage.BOOT, Stage.SWITCH)


@dataclass(frozen=True, slots=True)
class Step:
    """
    What happens on some hosts: for each of them, the operations to make.

    Several operations on one host are one SSH command if possible, or run in ``parallel``. Steps
    that come ``along`` are a part of that command on their own hosts. A step that ``follows`` is no
    reason for a deploy: it happens only if some other step changes anything. The stage decides
    what a failure means, or ``counts_as``, where it is set.
    """

    title: str
    stage: Stage
    hosts: tuple[str, ...]
    operations: Callable[[str], Iterable[Commands]]
    parallel: bool = False
    follows: bool = False
    counts_as: Stage | None = None
    along: tuple[Step, ...] = ()

    def commands(self, host: str) -> Commands:
        """Start the operations' generators for the current host."""
        ends = self.stage is not Stage.RETIRE
        yield from combined(self.generators(host), ends, self.parallel)

    def generators(self, host: str) -> Iterator[Commands]:
        """Start the generators of a host, those of the steps along with this one included."""
        yield from map(guarded, self.operations(host))
        for step in self.along:
            if host in step.hosts:
                yield from step.generators(host)


def one(
    title: str,
    hosts: Iterable[str],
    operation: Callable[[str], Commands],
    stage: Stage = Stage.PREPARE,
    **more: Any,
) -> Step:
    """Make one operation on each host."""
    return Step(title, stage, tuple(hosts), lambda host: [operation(host)], **more)


def call(
    title: str,
    hosts: Iterable[str],
    operation: PyinfraOperation[P],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> Step:
    """Make an operation with the same arguments on each host."""
    return one(title, hosts, lambda host: commands_of(operation, *args, **kwargs))


@dataclass(slots=True)
class Plan:
    """The steps of one deploy, and how far they have come."""

    key: str
    steps: tuple[Step, ...]
    queries: Mapping[str, StateQuery]
    lock: Lock | None = None
    undone: str = "Nothing is deployed"
    atomic: bool = True
    arguments: dict[str, Arguments] = field(default_factory=dict)
    achieved: str = "The new version serves"
    serving: Callable[[str, HostState], str] | None = None
    begun: set[int] = field(default_factory=set)
    done: set[tuple[int, str]] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)
    failed_stage: Stage | None = None
    first_failed: str | None = None
    leftovers: list[str] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    is_stopped: bool = False
    is_locked: bool = False
    locking: PyinfraCommand | None = None
    is_watched: bool = False
    is_ended: bool = False
    is_cleaned: bool = False
    report: Mapping[str, str] | None = None
    unsuccessful: set[tuple[int, str]] = field(default_factory=set)
    at: dict[tuple[str, str | None], int] = field(default_factory=dict)
    _pending: dict[bool, bool] = field(default_factory=dict)

    @property
    def is_committed(self) -> bool:
        """Whether the commit has begun anywhere, so that there is no way back."""
        return any(self.steps[number].stage is Stage.COMMIT for number in self.begun)

    @property
    def needs_lock(self) -> bool:
        """Whether nothing may happen without the deploy lock."""
        return any(step.stage is Stage.LOCK for step in self.steps)

    @property
    def is_open(self) -> bool:
        """Whether it has begun and not ended, so that it must be cleaned up."""
        has_begun = bool(self.begun) and not self.is_ended
        return not self.is_cleaned and (self.is_locked or has_begun)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every host that a step is for."""
        return tuple(dict.fromkeys(host for step in self.steps for host in step.hosts))

    def numbers(self, stage: Stage, host: str) -> tuple[int, ...]:
        """List the steps of a stage that are for a host."""
        steps = enumerate(self.steps)
        return tuple(n for n, step in steps if step.stage is stage and host in step.hosts)

    def expect(self, arguments: Arguments) -> None:
        """Read each host once for all its queries, by these global arguments."""
        self.arguments[this_host().name] = arguments
        for server in hosts_in_play():
            own = self.arguments.get(server.name) or arguments_beside(arguments, server)
            if server.name in self.queries:
                with on(server):
                    expect(self.queries[server.name], own)

    def is_pending(self) -> bool:
        """Return whether any step would change anything on any host."""
        phase = is_executing()
        if phase not in self._pending:
            self._pending[phase] = self._changes_anything()
        return self._pending[phase]

    def obstacle(self, number: int, host: str) -> str | None:
        """Return why a step must be skipped on a host now, if it must."""
        stage = self.steps[number].stage
        if stage is Stage.AFTER_FAILURE:
            return None
        if self.is_lost(host) or (self.failures and stage is Stage.AFTER):
            return f"skipped because this failed: {'; '.join(self.failures)}"
        if stage in (Stage.BOOT, Stage.SWITCH, Stage.COMMIT):
            return self._missing(number, host)
        if stage is Stage.RETIRE and not self.has_committed(host):
            return f"skipped because {host} has not committed"
        return None

    def is_past_commit(self, host: str) -> bool:
        """Return whether a host's commit has begun, on it or on those that commit with it."""
        return any(number in self.begun for number in self.numbers(Stage.COMMIT, host))

    def has_committed(self, host: str) -> bool:
        """Return whether a host has made its commit."""
        return all((number, host) in self.done for number in self.numbers(Stage.COMMIT, host))

    def is_lost(self, host: str) -> bool:
        """Return whether a failure, its own or any, takes a host back."""
        if self.is_past_commit(host):
            return False
        own = not self.atomic and not self.is_stopped
        return host in self.failed if own else bool(self.failures)

    def is_ready(self, host: str) -> bool:
        """Return whether a host has made every step before its commit."""
        return all(
            (number, host) in self.done
            for number, step in enumerate(self.steps)
            if step.stage < Stage.REVERT and host in step.hosts
        )

    def begin(self, number: int, host: str, operation: str | None) -> None:
        """Record which step an operation is, until pyinfra reports its result."""
        self.at[host, operation] = number

    def ended(self, server: Server, operation: str, succeeded: bool) -> None:
        """Record what pyinfra reports of an operation that may be one of the steps."""
        number = self.at.pop((server.name, operation), None)
        if number is not None:
            self.note(number, server.name, succeeded)

    def note(self, number: int, host: str, succeeded: bool) -> None:
        """Record the result of a step on a host."""
        step = self.steps[number]
        what = f"{step.title} on {host}"
        if succeeded:
            self.done.add((number, host))
            return
        self.unsuccessful.add((number, host))
        self.is_locked &= step.stage is not Stage.LOCK
        if step.stage is Stage.LOCK and self.failures:
            return  # refused, and that is recorded
        if step.stage is Stage.RETIRE:
            self.leftovers.append(what)
        elif step.stage not in (Stage.UNLOCK, Stage.VERDICT):
            self.failures.append(what)
            self.failed.add(host)
            self.is_stopped |= step.stage is Stage.LOCK or step.follows
            if self.failed_stage is None:
                self.failed_stage = step.stage if step.counts_as is None else step.counts_as
                self.first_failed = host

    def refuse(self) -> None:
        """Fail with the mistakes that were found before anything has begun."""
        self.failures.extend(self.mistakes)
        self.failed_stage = Stage.PREPARE
        self.is_stopped = True

    def _missing(self, number: int, at: str) -> str | None:
        """Name the hosts that have not made every step before this one."""
        behind = {
            host
            for earlier, step in enumerate(self.steps[:number])
            if step.stage in (Stage.LOCK, *BEFORE_COMMIT)
            for host in step.hosts
            if (earlier, host) not in self.done and (self.atomic or host == at)
        }
        if not behind:
            return None
        return f"skipped because steps before it are missing on {', '.join(sorted(behind))}"

    def _changes_anything(self) -> bool:
        read(self.queries)
        servers = [server for server in hosts_in_play() if is_active(server)]
        return sum(self._changes(server) for server in servers) > 0

    def _changes(self, server: Server) -> bool:
        """Evaluate every step, also after one that changes something, to find all mistakes."""
        steps = [
            step
            for step in self.steps
            if step.stage in (*BEFORE_COMMIT, Stage.RETIRE)
            and not step.follows
            and server.name in step.hosts
        ]
        with on(server), planning():
            return sum(self._changes_by(step, server.name) for step in steps) > 0

    def _changes_by(self, step: Step, host: str) -> bool:
        try:
            return would_change(step.commands(host))
        except KamalpyError as error:
            if str(error) not in self.mistakes:
                self.mistakes.append(str(error))
            return True


def would_change(commands: Commands) -> bool:
    """Return whether an operation would change the current host, without reporting it."""
    with decide_quietly():
        return next(commands, None) is not None


def read(queries: Mapping[str, StateQuery]) -> Mapping[str, HostState]:
    """Read several hosts at the same time; one that cannot be reached is left out."""
    servers = [server for server in hosts_in_play() if is_active(server) and server.name in queries]
    readings = [gevent.spawn(_read, server, queries[server.name]) for server in servers]
    gevent.joinall(readings)
    found = zip(servers, readings, strict=True)
    states = ((server.name, each.get()) for server, each in found if each.successful())
    return {name: state for name, state in states if state is not None}


def _read(server: Server, query: StateQuery) -> HostState | None:
    with on(server), planning():
        try:
            return observe(query)
        except PyinfraError:  # a step that needs it reads again, and reports it
            return None
