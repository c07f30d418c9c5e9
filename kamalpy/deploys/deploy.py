"""Deploying a version, and setting everything up for it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy.deploys.app import AppSteps
from kamalpy.deploys.deploy_command import DeployCommand
from kamalpy.deploys.drift import Drift
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.plan import Stage, Step
from kamalpy.deploys.queries import deploy_queries

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.options import ImageArguments


@pyinfra_deploy("Kamal deploy")
def deploy(accessories: bool = False, **options: Unpack[ImageArguments]) -> None:
    """
    Deploy a version of the app to all hosts, or to none.

    + accessories: bring accessories to what deploy.yml says as well; otherwise only say how they
      differ
    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    run_plan(DeployCommand.of("deploy", options), everything=False, accessories=accessories)


@pyinfra_deploy("Kamal redeploy")
def redeploy(**options: Unpack[ImageArguments]) -> None:
    """
    Deploy a version of the app, and leave alone what it stands on: no proxy, no pruning.

    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    command = DeployCommand.of("redeploy", options)
    command.run(
        partial(_again, command),
        partial(deploy_queries, with_accessories=False),
        "Nothing is deployed",
    )


def run_plan(command: DeployCommand, everything: bool, accessories: bool = False) -> None:
    """Deploy, with all that the app stands on or without."""
    command.run(
        partial(steps, command, everything, accessories or everything),
        partial(deploy_queries, with_accessories=True),
        "Nothing is deployed",
    )


def steps(command: DeployCommand, everything: bool, accessories: bool) -> Iterator[Step]:
    """List the steps of a deploy; ``everything`` sets up what the app stands on as well."""
    of, hooks = command.project, command.hooks
    app, under, drift = AppSteps(of, hooks), Infrastructure(of), Drift(of)
    if everything:
        yield from under.docker()
        yield from hooks.step("docker-setup", Stage.PREPARE)
    yield from hooks.step("pre-deploy", Stage.PREPARE)
    yield from under.logins(with_accessories=accessories)
    yield from under.network()
    yield from under.proxy(replace=everything)
    yield from under.accessories() if accessories else drift.accessories()
    yield from app.prepare()
    yield from app.boot()
    yield from app.switch()
    yield from app.end()
    yield from hooks.step("post-deploy", Stage.AFTER)
    yield from hooks.step("post-deploy-failed", Stage.AFTER_FAILURE)


def _again(command: DeployCommand) -> Iterator[Step]:
    of, hooks = command.project, command.hooks
    app = AppSteps(of, hooks, prune=False)
    yield from hooks.step("pre-deploy", Stage.PREPARE)
    yield from Infrastructure(of).logins(with_accessories=False)
    yield from app.prepare()
    yield from app.boot()
    yield from app.switch()
    yield from app.end()
    yield from hooks.step("post-deploy", Stage.AFTER)
    yield from hooks.step("post-deploy-failed", Stage.AFTER_FAILURE)
