"""One run of pyinfra: its command line, and all that its deploys share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gevent.lock import RLock

from kamalpy._pyinfra import run_object, this_host
from kamalpy.connectors.command import Command
from kamalpy.operations.base import Progress, progress

if TYPE_CHECKING:
    from kamalpy.deploys.delivery import Delivery
    from kamalpy.deploys.plan import Plan
    from kamalpy.deploys.project import Project
    from kamalpy.deploys.versions import Versions


@dataclass(slots=True)
class Run:
    """
    The command line, the progress of operations, the plans, and what was read once for all hosts.

    A greenlet that reads for all hosts holds the ``lock``.
    """

    command: Command = field(default_factory=Command)
    progress: Progress = field(default_factory=Progress)
    plans: dict[str, Plan] = field(default_factory=dict)
    calls: Counter[tuple[object, str]] = field(default_factory=Counter)
    projects: dict[tuple[Any, ...], Project] = field(default_factory=dict)
    versions: dict[tuple[object, ...], Versions] = field(default_factory=dict)
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock)

    def plan(self, sort: object, build: Callable[[str], Plan]) -> Plan:
        """Return the plan that all hosts share, building it for the first one."""
        call = (sort, this_host().name)
        self.calls[call] += 1
        key = f"{sort} {self.calls[call]}"
        with self.lock:
            if key not in self.plans:
                self.plans[key] = build(key)
        return self.plans[key]


def this_run() -> Run:
    """Return this run."""
    return run_object(Run, lambda: Run(run_object(Command), progress()))
