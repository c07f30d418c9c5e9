"""Making the steps of a plan, on one host as on all."""

from __future__ import annotations

from pyinfra.context import host

from kamalpy._pyinfra import is_executing, refusal, this_host
from kamalpy.deploys.cleanup import beat, watch
from kamalpy.deploys.drift import reports
from kamalpy.deploys.global_arguments import checked_arguments
from kamalpy.deploys.plan import Plan, Stage, Step, plan_of
from kamalpy.facts.observe import is_part_of_plan, planning
from kamalpy.operations.base import Commands, noop, operation, tell


def run(plan: Plan) -> None:
    """Call every step on the host at hand; call it on each host."""
    arguments = checked_arguments()
    plan.expect(arguments)
    watch(plan)
    with planning():
        for number, each in host.loop(enumerate(plan.steps)):
            ignored = each.stage is not Stage.VERDICT or arguments["_ignore_errors"]
            called = step(name=each.title, plan=plan.key, number=number, _ignore_errors=ignored)
            is_part_of_plan(called._hash)


@operation()
def step(plan: str, number: int) -> Commands:
    """
    Make one step of a plan, if it is for this host and nothing stands against it.

    + plan: key of the plan
    + number: which step
    """
    of, name = plan_of(plan), this_host().name
    this = of.steps[number]
    if name not in this.hosts:
        noop("not for this host")
    elif this.stage is Stage.LOCK:
        yield from _lock(of, number, this)
    elif this.stage is Stage.UNLOCK:
        yield from _unlock(of, this)
    elif this.stage is Stage.REVERT:
        yield from _revert(of, this)
    elif this.stage is Stage.VERDICT:
        yield from _verdict(of)
    elif this.follows and not of.is_pending():
        noop("nothing is to change on any host")
        if is_executing():
            of.note(number, name, succeeded=True)
    elif this.stage is Stage.AFTER_FAILURE and not of.failures:
        noop("nothing has failed")
    else:
        yield from _normal(of, number, this)


def _normal(plan: Plan, number: int, this: Step) -> Commands:
    obstacle = plan.obstacle(number, this_host().name) if is_executing() else None
    obstacle = None if this.stage is Stage.AFTER_FAILURE else obstacle
    if obstacle:
        noop(obstacle)
        return
    name = this_host().name
    succeeded = False
    try:
        for command in this.commands(name):
            unlocked = plan.needs_lock and not plan.is_locked
            if is_executing() and unlocked and this.stage < Stage.UNLOCK:
                yield refusal("not done: this run does not hold the deploy lock")
                return
            if is_executing():
                plan.begun.add(number)
            yield command
        succeeded = True
    finally:
        if is_executing():
            plan.note(number, name, succeeded)


def _lock(plan: Plan, number: int, this: Step) -> Commands:
    if not plan.is_pending():
        noop("nothing is to change on any host")
        if is_executing():
            plan.note(number, this_host().name, succeeded=True)
        return
    name = this_host().name
    if is_executing() and plan.mistakes:
        plan.refuse()
        yield refusal("\n".join(plan.mistakes))
        return
    try:
        yield from this.commands(name)
        plan.is_locked = is_executing()
        if plan.is_locked and plan.lock is not None:
            beat(plan, this_host(), plan.lock)
    finally:
        if is_executing():
            plan.note(number, name, plan.is_locked)


def _unlock(plan: Plan, this: Step) -> Commands:
    if (is_executing() and not plan.is_locked) or not plan.is_pending():
        noop("the deploy lock is not held")
        return
    yield from this.commands(this_host().name)
    if is_executing():
        plan.is_locked = False


def _revert(plan: Plan, this: Step) -> Commands:
    if not plan.is_lost(this_host().name):
        noop("nothing has failed")
        return
    yield from this.commands(this_host().name)


def _verdict(plan: Plan) -> Commands:
    plan.is_ended = is_executing()
    for line in reports(this_host().name):
        tell(line)
    if not plan.failures:
        noop("everything went well")
        return
    some = f"Not done on {', '.join(sorted(plan.failed))}, but elsewhere"
    what = plan.undone if plan.atomic or plan.is_stopped else some
    yield refusal(f"{what}, since this failed: {'; '.join(plan.failures)}")
