"""``prune``: old containers, and images that no container uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyinfra.api.arguments_typed import PyinfraOperation

from kamalpy.deploys.deploy_command import DeployCommand, deploy_command
from kamalpy.deploys.plan import Step, call
from kamalpy.deploys.project import Project
from kamalpy.deploys.queries import app_queries
from kamalpy.errors import DeployError
from kamalpy.operations import prune


@deploy_command("prune all", app_queries)
def prune_all(command: DeployCommand) -> Iterator[Step]:
    """Remove old stopped containers, and images that no container uses."""
    retain = command.project.config.retain_containers
    yield _step(command.project, "Remove old containers", prune.containers, retain)
    yield _step(command.project, "Remove old images", prune.images, retain)


@deploy_command("prune containers", app_queries)
def prune_containers(command: DeployCommand, retain: int | None = None) -> Iterator[Step]:
    """
    Remove old stopped containers.

    + retain: how many of each role to keep; by default ``retain_containers``
    """
    if retain is not None and retain < 1:
        raise DeployError(f"retain: {retain} is too few; keep one at least, for a rollback")
    number = command.project.config.retain_containers if retain is None else retain
    yield _step(command.project, "Remove old containers", prune.containers, number)


@deploy_command("prune images", app_queries)
def prune_images(command: DeployCommand) -> Iterator[Step]:
    """Remove images that no container uses, not even a stopped one."""
    yield _step(command.project, "Remove old images", prune.images, None)


def _step(
    project: Project, title: str, operation: PyinfraOperation[...], retain: int | None
) -> Step:
    arguments: dict[str, Any] = {
        "service": project.config.service,
        "repository": project.config.repository,
        "destination": project.config.destination,
        "retain": retain,
        "audit": project.audit(),
    }
    return call(title, project.app_hosts, operation, **arguments)
