"""``prune``: containers that are too many, images that nobody has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy.deploys.asks import app_asks
from kamalpy.deploys.plan import Stage, Step
from kamalpy.deploys.project import Project
from kamalpy.deploys.verb import Verb
from kamalpy.errors import DeployError
from kamalpy.operations import prune

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.asked import Asking


@pyinfra_deploy("Kamal prune all")
def prune_all(**asking: Unpack[Asking]) -> None:
    """
    Remove stopped containers that are too many, and images that no container has.

    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    verb = Verb.of("prune all", asking)
    verb.play(lambda: _steps(verb.project), app_asks)


@pyinfra_deploy("Kamal prune containers")
def prune_containers(retain: int | None = None, **asking: Unpack[Asking]) -> None:
    """
    Remove stopped containers that are too many.

    + retain: how many of each role to keep; by default ``retain_containers``
    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    if retain is not None and retain < 1:
        raise DeployError(f"retain: {retain} is too few; keep one at least, for a rollback")
    verb = Verb.of("prune containers", asking)
    verb.play(lambda: [_containers(verb.project, retain)], app_asks)


@pyinfra_deploy("Kamal prune images")
def prune_images(**asking: Unpack[Asking]) -> None:
    """
    Remove images that no container has, not even a stopped one.

    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    verb = Verb.of("prune images", asking)
    verb.play(lambda: [_images(verb.project, None)], app_asks)


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
        "performer": of.performer,
        **more,
    }
    return Step(title, Stage.PREPARE, of.app_hosts, operation, lambda _: arguments)
