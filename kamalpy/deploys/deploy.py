"""Deploy a version, and set servers up for it."""

from __future__ import annotations

from collections.abc import Iterator

from kamalpy.deploys.accessory_steps import AccessorySteps
from kamalpy.deploys.app_steps import AppSteps
from kamalpy.deploys.deploy_command import DeployCommand, deploy_command
from kamalpy.deploys.hooks import Hooks
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.plan import Stage, Step
from kamalpy.deploys.project import Project
from kamalpy.deploys.queries import deploy_queries, infrastructure_queries

NOTHING_DEPLOYED = "Nothing is deployed"


@deploy_command("deploy", deploy_queries, NOTHING_DEPLOYED, accessories=True)
def deploy(command: DeployCommand, accessories: bool = False) -> Iterator[Step]:
    """
    Deploy a version of the app to all hosts, or to none.

    + accessories: update accessories as well; otherwise only report how they
      differ
    """
    project, hooks = command.project, command.hooks
    yield from hooks.step("pre-deploy", Stage.PREPARE)
    yield from _infrastructure(project, accessories, replace=False)
    yield from _release(project, hooks, prune=True)


@deploy_command("setup", deploy_queries, NOTHING_DEPLOYED, accessories=True)
def setup(command: DeployCommand) -> Iterator[Step]:
    """Set up all hosts and deploy a version to them."""
    project, hooks = command.project, command.hooks
    yield Infrastructure(project).docker()
    yield from hooks.step("docker-setup", Stage.PREPARE)
    yield from hooks.step("pre-deploy", Stage.PREPARE)
    yield from _infrastructure(project, accessories=True, replace=True)
    yield from _release(project, hooks, prune=True)


@deploy_command("redeploy", deploy_queries, NOTHING_DEPLOYED)
def redeploy(command: DeployCommand) -> Iterator[Step]:
    """Deploy a version of the app without its infrastructure: no proxy, no pruning."""
    hooks = command.hooks
    yield from hooks.step("pre-deploy", Stage.PREPARE)
    yield from Infrastructure(command.project).logins()
    yield from _release(command.project, hooks, prune=False)


@deploy_command("server bootstrap", infrastructure_queries)
def server_bootstrap(command: DeployCommand) -> Iterator[Step]:
    """Install Docker on all hosts that do not have it."""
    yield Infrastructure(command.project).docker()
    yield from command.hooks.step("docker-setup", Stage.PREPARE)


def _infrastructure(project: Project, accessories: bool, replace: bool) -> Iterator[Step]:
    infrastructure = Infrastructure(project)
    yield from infrastructure.logins(project.accessories if accessories else ())
    yield infrastructure.network()
    yield infrastructure.proxy(replace)
    for each in AccessorySteps.of(project):
        yield from each.run() if accessories else [each.check()]


def _release(project: Project, hooks: Hooks, prune: bool) -> Iterator[Step]:
    yield from AppSteps(project, hooks, prune=prune).all()
    yield from hooks.after_deploy()
