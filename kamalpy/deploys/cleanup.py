"""What is left to do when a run ends before its plan does: Ctrl-C, SIGTERM, an exception."""

from __future__ import annotations

import signal
from types import FrameType

import gevent
from pyinfra import logger
from pyinfra.api.host import Host as Server

from kamalpy._pyinfra import (
    after_each_operation,
    at_disconnect,
    hosts_in_play,
    is_active,
    on,
    raise_in_main,
    this_state,
)
from kamalpy._pyinfra.execution import report_failure, run_command
from kamalpy.commands.lock import Lock
from kamalpy.deploys.plan import Plan, Stage, Step
from kamalpy.facts.observe import planning

BEAT = 30
"""Seconds between two signs of life of whoever holds the deploy lock."""


def watch(plan: Plan) -> None:
    """Hear how each step goes, and end what a plan has begun if the run ends before it does."""
    if plan.is_watched:
        return
    plan.is_watched = True
    after_each_operation(plan.ended)
    at_disconnect(lambda server: _clean(plan))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)


def beat(plan: Plan, server: Server, lock: Lock) -> None:
    """Say every now and then that whoever holds the deploy lock lives, as long as that is so."""

    def signs_of_life() -> None:
        gevent.sleep(BEAT)
        while plan.is_locked:
            run_command(server, lock.beat(), plan.arguments.get(server.name), timeout=BEAT)
            gevent.sleep(BEAT)

    gevent.spawn(signs_of_life)


def _interrupt(number: int, frame: FrameType | None) -> None:
    logger.warning("Interrupted: putting things in order before the end ...")
    this_state().pool.kill(block=False)
    raise_in_main(SystemExit(128 + number))


def _clean(plan: Plan) -> None:
    """End a plan on all hosts, then unlock; the first host to be disconnected does it for all."""
    if not plan.is_open:
        return
    plan.is_cleaned = True
    said = "finishing it" if plan.is_committed else "taking it back"
    endings = {step.stage for step in plan.steps} & {Stage.REVERT, Stage.RETIRE}
    said = said if endings else "leaving it half done"
    logger.warning(f"The run has not come to its end: {said}, and releasing its lock ...")
    servers = {server.name: server for server in hosts_in_play() if is_active(server)}
    for stage in (Stage.REVERT, Stage.COMMIT, Stage.RETIRE, Stage.UNLOCK):
        makings = [
            gevent.spawn(_make, plan, step, server)
            for step in plan.steps
            for name, server in servers.items()
            if step.stage is stage and name in step.hosts and _is_due(plan, step, name)
        ]
        gevent.joinall(makings)
    plan.is_locked = False


def _is_due(plan: Plan, step: Step, host: str) -> bool:
    """Tell whether a host ends by a step: it commits and retires, or it goes back."""
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
