"""What is left to do when a run ends before its plan does: Ctrl-C, SIGTERM, an exception."""

from __future__ import annotations

import signal
from types import FrameType

import gevent
from pyinfra import logger
from pyinfra.api.host import Host as Server

from kamalpy._pyinfra import (
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
    """From now on, end what a plan has begun if the run ends before it does."""
    if plan.is_watched:
        return
    plan.is_watched = True
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
    plan.is_locked, plan.is_ended = False, True
    ending = Stage.RETIRE if plan.is_committed else Stage.REVERT
    said = "finishing it" if plan.is_committed else "taking it back"
    said = said if any(step.stage is ending for step in plan.steps) else "leaving it half done"
    logger.warning(f"The run has not come to its end: {said}, and releasing its lock ...")
    servers = {server.name: server for server in hosts_in_play() if is_active(server)}
    pairs = [(step, name) for step in plan.steps for name in step.hosts if name in servers]
    last = [(step, name) for step, name in pairs if step.stage is _ending(plan, name)]
    unlock = [(step, name) for step, name in pairs if step.stage is Stage.UNLOCK]
    for each in (last, unlock):
        gevent.joinall([gevent.spawn(_make, plan, step, servers[name]) for step, name in each])


def _ending(plan: Plan, host: str) -> Stage:
    """Tell how a host ends: as all of them, unless they take turns, or each stands for itself."""
    retiring = [plan.steps[each] for each in plan.begun if plan.steps[each].stage is Stage.RETIRE]
    has_had_its_turn = any(host in step.hosts for step in retiring)
    can_be_finished = plan.atomic or plan.is_ready(host)
    return Stage.RETIRE if has_had_its_turn and can_be_finished else Stage.REVERT


def _make(plan: Plan, step: Step, server: Server) -> None:
    arguments = plan.arguments.get(server.name, {})
    with on(server), planning():
        for command in step.commands(server.name):
            succeeded, output = run_command(server, command, arguments)
            if not succeeded:
                report_failure(server, output)
                return
