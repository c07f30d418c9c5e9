"""The outcome of a plan in which something failed: in a sentence, and by host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kamalpy._pyinfra import hosts_in_play, on
from kamalpy.deploys.plan import Plan, Stage, read
from kamalpy.deploys.project import Project
from kamalpy.deploys.run import Run
from kamalpy.facts.observe import forget
from kamalpy.spec.state import PROXY


def summary(plan: Plan) -> str:
    """Summarize whether the new version serves, and what failed."""
    why, left = ("; ".join(dict.fromkeys(each)) for each in (plan.failures, plan.leftovers))
    if not plan.failures:
        return f"{plan.achieved}, with leftovers: {left} failed; the next deploy finishes it"
    if not plan.is_committed:
        return f"{plan.undone}, since this failed: {why}"
    behind = not_committed(plan)
    where = f", but not on {', '.join(behind)}, since" if behind else ", but"
    return f"{plan.achieved}{where} this failed: {why}"


def failed_before(host: str) -> str:
    """Describe the failure of a host that was not reached, or failed, before a deploy began."""
    return f"{host}, before the deploy began"


def not_committed(plan: Plan) -> list[str]:
    """List the hosts that did not commit though others did."""
    committing = (host for host in plan.hosts if plan.numbers(Stage.COMMIT, host))
    return [host for host in committing if plan.is_committed and not plan.has_committed(host)]


def of_hosts(run: Run, plan: Plan) -> Mapping[str, str]:
    """Describe by host what serves, where hosts may differ; they are read again."""
    with run.lock:
        if plan.report is None:
            plan.report = _report(plan) if _may_differ(plan) else {}
        return plan.report


def _may_differ(plan: Plan) -> bool:
    reverted = any(plan.steps[n].stage is Stage.REVERT for n, _ in plan.unsuccessful)
    return bool(not_committed(plan) or reverted) and plan.serving is not None


def _report(plan: Plan) -> dict[str, str]:
    for server in hosts_in_play():
        with on(server):
            forget()
    states, lines = read(plan.queries), {}
    for host in plan.hosts:
        if host in states and plan.serving is not None:
            lines[host] = f"{host} serves {plan.serving(host, states[host])}; {_next(plan, host)}"
        else:
            lines[host] = f"{host} cannot be reached; {_unreachable(plan, host)}"
    return lines


def _next(plan: Plan, host: str) -> str:
    if plan.has_committed(host) and plan.is_committed:
        return "the next deploy finds it done"
    if plan.is_committed:
        return "not committed, so that it reverts by itself; the next deploy updates it"
    return "the next deploy cleans up what is left"


def _unreachable(plan: Plan, host: str) -> str:
    if plan.is_committed and plan.has_committed(host):
        return "it has committed"
    if plan.is_past_commit(host):
        return (
            "unless its commit has arrived, it reverts this deploy by itself, and the next one "
            "updates it"
        )
    return "it reverts by itself what this run has begun"


def reports(run: Run, on: str | None = None) -> Iterator[str]:
    """List the notes of hosts, and everything that differs from deploy.yml."""
    for host, note in sorted(run.progress.notes):
        if on in (None, host):
            yield f"{host}: {note}"
    for project in list(run.projects.values())[:1]:
        for (host, thing), changes in run.progress.differences.items():
            if on in (None, host):
                listed, remedy = "; ".join(map(str, changes)), _remedy(project, thing)
                yield f"{thing} on {host} is not as deploy.yml says: {listed}; type: {remedy}"


def _remedy(project: Project, thing: str) -> str:
    names = {each.service_name: each.name for each in project.config.accessories}
    if thing == PROXY:
        return project.typed("proxy reboot")
    return project.typed("accessory boot", names.get(thing, thing))
