"""Run the steps of a plan."""

from __future__ import annotations

from pyinfra.context import host

from kamalpy._pyinfra import (
    hash_of,
    hosts_in_play,
    is_active,
    is_executing,
    operation_of,
    refusal,
    this_host,
)
from kamalpy._pyinfra.execution import Again, Arguments, global_arguments
from kamalpy.deploys import outcome
from kamalpy.deploys.cleanup import beat, watch
from kamalpy.deploys.plan import Plan, Stage, Step
from kamalpy.deploys.run import Run, this_run
from kamalpy.errors import DeployError
from kamalpy.facts.observe import is_part_of_plan, planning
from kamalpy.operations.base import Commands, noop, operation, report, warn

_ON_STDIN = "files and secrets travel on standard input"
_REFUSED = {
    "_if": "a deploy is for all hosts or none, and does nothing where nothing is to change",
    "_run_once": "every host has its own part in a deploy",
    "_retries": "a step that has failed is taken back on all hosts; run the deploy again",
    "_continue_on_error": "nothing goes on after a failure",
    "_success_exit_codes": "a command that fails must not count as done",
    "_stdin": _ON_STDIN,
    "_get_pty": f"{_ON_STDIN}, which a terminal would show",
    "_su_password": "su reads its password from standard input, and so do files; use _sudo",
}
"""Global arguments that a deploy refuses: they cannot work with all its commands."""


def make_steps(run: Run, plan: Plan) -> None:
    """Call every step on the current host; call it on each host."""
    arguments = checked_arguments()
    plan.expect(arguments)
    watch(run, plan)
    with planning():
        for number, each in host.loop(enumerate(plan.steps)):
            ignored = each.stage is not Stage.VERDICT or arguments["_ignore_errors"]
            called = step(name=each.title, plan=plan.key, number=number, _ignore_errors=ignored)
            is_part_of_plan(hash_of(called))


def checked_arguments() -> Arguments:
    """Return the global arguments of a deploy on the current host, or refuse them."""
    arguments = global_arguments(this_host())
    for name, reason in _REFUSED.items():
        if arguments[name] and arguments[name] != [0]:
            raise DeployError(f"{name} cannot be given to a deploy: {reason}")
    return arguments


@operation()
def step(plan: str, number: int) -> Commands:
    """
    Run one step of a plan, if it is for this host and nothing prevents it.

    + plan: key of the plan
    + number: which step
    """
    run, name = this_run(), this_host().name
    shared = run.plans[plan]
    current = shared.steps[number]
    if is_executing():
        _fail_for_missing_hosts(shared)
    reason = _reason(shared, number, name)
    if reason is not None:
        noop(reason)
        return
    if is_executing():
        shared.begin(number, name, operation_of(this_host()))
    if current.stage is Stage.LOCK:
        yield from _lock(run, shared, current, name)
    elif current.stage is Stage.VERDICT:
        yield from _verdict(run, shared, name)
    elif not current.follows or shared.is_pending():
        yield from _commands(shared, number, name)
    else:
        noop("nothing is to change on any host")


def _fail_for_missing_hosts(plan: Plan) -> None:
    """Fail a deploy on all hosts if one of them has failed before it begins."""
    commits = any(step.stage is Stage.COMMIT for step in plan.steps)
    if plan.begun or plan.failures or not (commits and plan.atomic):
        return
    active = {server.name for server in hosts_in_play() if is_active(server)}
    missing = [host for host in plan.hosts if host not in active]
    if missing:
        plan.failures += [outcome.failed_before(host) for host in missing]
        plan.failed_stage, plan.first_failed, plan.is_stopped = Stage.PREPARE, missing[0], True


def _reason(plan: Plan, number: int, name: str) -> str | None:
    """Return why a step is skipped on a host, if it is."""
    step = plan.steps[number]
    if name not in step.hosts:
        return "not for this host"
    if step.stage is Stage.REVERT:
        return None if plan.is_lost(name) else "nothing has failed"
    if step.stage is Stage.UNLOCK:
        is_along = any(each.stage is Stage.UNLOCK for s in plan.steps for each in s.along)
        held = plan.is_locked if is_executing() else plan.is_pending() and not is_along
        return None if held else "the deploy lock is not held"
    if step.stage is Stage.AFTER_FAILURE and not plan.failures:
        return "nothing has failed"
    if not is_executing() or step.stage is Stage.VERDICT:
        return None
    return plan.obstacle(number, name)


def _commands(plan: Plan, number: int, name: str) -> Commands:
    step = plan.steps[number]
    needs_lock = plan.needs_lock and step.stage < Stage.REVERT
    for command in step.commands(name):
        if is_executing() and needs_lock and not plan.is_locked:
            yield refusal("not done: this run does not hold the deploy lock")
            return
        if is_executing():
            plan.begun.add(number)
        yield command
    unlocks = any(s.stage is Stage.UNLOCK and name in s.hosts for s in (step, *step.along))
    if is_executing() and unlocks:
        plan.is_locked = False


def _lock(run: Run, plan: Plan, step: Step, name: str) -> Commands:
    if not plan.is_pending():
        noop("nothing is to change on any host")
        return
    if is_executing() and plan.mistakes:
        plan.refuse()
        yield refusal("\n".join(plan.mistakes))
        return
    plan.is_locked = is_executing()  # also if the run ends before the host answers
    for command in step.commands(name):
        plan.locking = command.command if isinstance(command, Again) else command
        yield command
    if plan.is_locked and plan.lock is not None:
        beat(run, plan, this_host(), plan.lock)


def _verdict(run: Run, plan: Plan, name: str) -> Commands:
    plan.is_ended = is_executing()
    for line in outcome.reports(run, name):
        report(line)
    if not plan.failures and not plan.leftovers:
        noop("everything went well")
        return
    lines = [outcome.summary(plan), *filter(None, [outcome.of_hosts(run, plan).get(name)])]
    if plan.failures:
        yield refusal("\n".join(lines))
    else:
        warn(lines)
