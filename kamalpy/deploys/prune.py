"""``prune``: containers that are too many, images that nobody has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy.deploys.deploy_command import DeployCommand
from kamalpy.deploys.plan import Stage, Step
from kamalpy.deploys.project import Project
from kamalpy.deploys.queries import app_queries
from kamalpy.errors import DeployError
from kamalpy.operations import prune

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.options import DeployArguments


@pyinfra_deploy("Kamal prune all")
def prune_all(**options: Unpack[DeployArguments]) -> None:
    """
    Remove stopped containers that are too many, and images that no container has.

    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    command = DeployCommand.of("prune all", options)
    command.run(lambda: _steps(command.project), app_queries)


@pyinfra_deploy("Kamal prune containers")
def prune_containers(retain: int | None = None, **options: Unpack[DeployArguments]) -> None:
    """
    Remove stopped containers that are too many.

    + retain: how many of each role to keep; by default ``retain_containers``
    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    if retain is not None and retain < 1:
        raise DeployError(f"retain: {retain} is too few; keep one at least, for a rollback")
    command = DeployCommand.of("prune containers", options)
    command.run(lambda: [_containers(command.project, retain)], app_queries)


@pyinfra_deploy("Kamal prune images")
def prune_images(**options: Unpack[DeployArguments]) -> None:
    """
    Remove images that no container has, not even a stopped one.

    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    command = DeployCommand.of("prune images", options)
    command.run(lambda: [_images(command.project, None)], app_queries)


def _steps(of: Project) -> Iterator[Step]:
    yield _containers(of, None)
    yield _images(of, of.config.retain_containers)


def _containers(of: Project, retain: int | None) -> Step:
    kept = of.config.retain_containers if retain is None else retain
    return _step(of, "Remove old containers", prune.containers, {"retain": kept})


def _images(of: Project, retain: int | None) -> Step:
    return _step(of, "Remove old images", prune.images, {"retain": retain})


def _step(of: Project, title: str, operation: Any, more: Mapping[str, Any]) -> Step:
    arguments = {
        "service": of.config.service,
        "repository": of.config.repository,
        "destination": of.config.destination,
        "audit": of.audit(),
        **more,
    }
    return Step(title, Stage.PREPARE, of.app_hosts, operation, lambda _: arguments)
