"""End a plan whose run was interrupted: Ctrl-C, SIGTERM, an exception."""

from __future__ import annotations

from functools import partial

import gevent
from pyinfra import logger
from pyinfra.api.host import Host as Server

from kamalpy._pyinfra import (
    after_connecting,
    after_each_operation,
    at_disconnect,
    hosts_in_play,
    is_active,
    on,
)
from kamalpy._pyinfra.execution import AtOnce, report_failure, run_command
from kamalpy._pyinfra.signals import end_in_order, restore_signals, seconds_left
from kamalpy.commands.lock import Lock
from kamalpy.deploys.plan import Plan, Stage, Step
from kamalpy.deploys.run import Run
from kamalpy.facts.observe import planning

BEAT = 30
"""Seconds between two renewals of the lease of the deploy lock."""
_ENDINGS = {
    Stage.REVERT: (
        3,
        "the host itself reverts what is not committed, once the connection is closed",
    ),
    Stage.COMMIT: (3, "kamalpy details shows which version serves there; deploy again"),
    Stage.RETIRE: (2, "the next deploy stops the old version"),
    Stage.UNLOCK: (1, "the deploy lock may be held still; lock release takes it"),
}
"""How a run ends: the seconds reserved for later stages, and what finishes a stage otherwise."""


def watch(run: Run, plan: Plan) -> None:
    """Record the result of each step, and end the plan if the run ends before it does."""
    if plan.is_watched:
        return
    plan.is_watched = True
    after_each_operation(plan.ended)
    watched = [each for each in run.plans.values() if each.is_watched]
    if watched == [plan]:
        at_disconnect(partial(_leave, run))
        end_in_order()


def _leave(run: Run, server: Server) -> None:
    """End all plans for the first host that is disconnected, and the run with the last one."""
    for plan in run.plans.values():
        _clean(plan)
    if not any(other.connected for other in hosts_in_play() if other is not server):
        restore_signals()


def beat(run: Run, plan: Plan, server: Server, lock: Lock) -> None:
    """
    Renew the lease of the deploy lock as long as this run holds it: at intervals, and at once when
    another connection is made, since the lease names the connection.
    """
    command = lock.beat(run.progress.token)

    def renew(connected: Server = server) -> None:
        if plan.is_locked and connected is server:
            run_command(server, command, plan.arguments.get(server.name), timeout=BEAT)

    def renew_at_intervals() -> None:
        gevent.sleep(BEAT)
        while plan.is_locked:
            renew()
            gevent.sleep(BEAT)

    gevent.spawn(renew_at_intervals)
    after_connecting(renew)


def _clean(plan: Plan) -> None:
    """End a plan on all hosts, then unlock; the first host to be disconnected does it for all."""
    if not plan.is_open:
        return
    plan.is_cleaned = True
    what = "finishing it" if plan.is_committed else "taking it back"
    endings = {step.stage for step in plan.steps} & {Stage.REVERT, Stage.RETIRE}
    what = what if endings else "leaving it half done"
    logger.warning(f"The run has not come to its end: {what}, and releasing its lock ...")
    if isinstance(plan.locking, AtOnce):
        plan.locking.wait(_until(_ENDINGS[Stage.UNLOCK][0] + 1))
    servers = {server.name: server for server in hosts_in_play() if is_active(server)}
    for stage, (reserve, later) in _ENDINGS.items():
        running = {
            gevent.spawn(_make, plan, step, server): name
            for number, step in enumerate(plan.steps)
            for name, server in servers.items()
            if step.stage is stage and (number, name) not in plan.done
            if name in step.hosts and _is_due(plan, step, name)
        }
        gevent.joinall(list(running), timeout=_until(reserve))
        silent = sorted({name for greenlet, name in running.items() if not greenlet.ready()})
        if silent:
            logger.warning(f"No answer from {', '.join(silent)} in time; {later}")
    plan.is_locked = False


def _until(reserve: float) -> float | None:
    """Return the seconds of an interrupted run until only ``reserve`` are left."""
    left = seconds_left()
    return None if left is None else max(left - reserve, 0.5)


def _is_due(plan: Plan, step: Step, host: str) -> bool:
    """Return whether a host ends by a step: it commits and retires, or it reverts."""
    if step.stage is Stage.UNLOCK:
        return plan.is_locked
    commits = plan.is_past_commit(host) and (plan.atomic or plan.is_ready(host))
    return commits is not (step.stage is Stage.REVERT)


def _make(plan: Plan, step: Step, server: Server) -> None:
    arguments = plan.arguments.get(server.name, {})
    with on(server), planning():
        for command in step.commands(server.name):
            succeeded, output = run_command(server, command, arguments)
            if not succeeded:
                report_failure(server, output)
                return
