"""Deploying a version, and setting everything up for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy._pyinfra import command_line_has, kept
from kamalpy.commands.lock import Lock
from kamalpy.deploys import plan, step
from kamalpy.deploys.app import AppSteps
from kamalpy.deploys.asks import asks
from kamalpy.deploys.hooks import Hooks
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.plan import Build, Stage, Step
from kamalpy.deploys.project import Project, project
from kamalpy.errors import DeployError
from kamalpy.operations import lock
from kamalpy.operations.app.release import Releases


@pyinfra_deploy("Kamal deploy")
def deploy(
    config: str | None = None,
    destination: str | None = None,
    version: str | None = None,
    roles: Sequence[str] = (),
    skip_hooks: bool = False,
) -> None:
    """
    Deploy a version of the app to all hosts, or to none.

    + config: path of deploy.yml; by default what the inventory says
    + destination: destination; by default what the inventory says
    + version: version; by default ``VERSION`` of the environment, else what git says
    + roles: only these roles; all by default
    + skip_hooks: run no hooks
    """
    run_plan("deploy", project(config, destination, version, roles), False, skip_hooks)


def make_plan(verb: str, of: Project, build: Build) -> None:
    """Make, on the host at hand, the steps of a plan that all hosts share."""
    for flag in ("--serial", "--no-wait"):
        if command_line_has(flag):
            raise DeployError(
                f"{flag} takes hosts out of step, but a deploy is all or nothing: leave it out"
            )
    sort = (verb, of.config.file, of.config.destination)
    lock_of_it = Lock(of.config.service, of.config.destination)
    step.run(plan.make(sort, build, lock_of_it))


def run_plan(verb: str, of: Project, everything: bool, skip_hooks: bool) -> None:
    """Deploy, with all that the app stands on or without."""
    hooks = Hooks(of, verb, skip_hooks)
    make_plan(verb, of, lambda: (steps(of, hooks, everything), asks(of, everything)))


def steps(of: Project, hooks: Hooks, everything: bool) -> Iterator[Step]:
    """List the steps of a deploy; ``everything`` sets up what the app stands on as well."""
    app, under = AppSteps(of, hooks), Infrastructure(of)
    yield _lock(of)
    if everything:
        yield from under.docker()
        yield from hooks.step("docker-setup", Stage.PREPARE)
    yield from hooks.step("pre-deploy", Stage.PREPARE)
    yield from under.logins(with_accessories=everything)
    yield from under.network()
    yield from under.proxy(replace=everything)
    if everything:
        yield from under.accessories()
    yield from app.prepare()
    yield from app.boot()
    yield from app.switch()
    yield app.retire()
    yield app.revert()
    yield _unlock(of)
    yield from hooks.step("post-deploy", Stage.AFTER)
    yield from hooks.step("post-deploy-failed", Stage.AFTER_FAILURE)
    yield _verdict(of)


def _lock(of: Project) -> Step:
    return Step(
        "Take the deploy lock",
        Stage.LOCK,
        (of.leader,),
        lock.acquire,
        lambda host: {
            "service": of.config.service,
            "destination": of.config.destination,
            "version": of.config.version,
            "message": "Automatic deploy lock",
            "performer": of.name,
            "token": kept(Releases).token,
            "remedy": f"pyinfra {of.inventory} kamalpy.deploys:lock_release",
        },
    )


def _unlock(of: Project) -> Step:
    return Step(
        "Release the deploy lock",
        Stage.UNLOCK,
        (of.leader,),
        lock.release,
        lambda host: {
            "service": of.config.service,
            "destination": of.config.destination,
            "token": kept(Releases).token,
        },
    )


def _verdict(of: Project) -> Step:
    hosts = of.play(of.config.hosts)
    return Step("Verdict", Stage.VERDICT, hosts, lock.release, lambda host: {})
