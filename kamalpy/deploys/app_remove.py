"""``app remove``, and each of its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy.deploys.deploy_command import DeployCommand
from kamalpy.deploys.plan import Stage, Step
from kamalpy.deploys.project import Project
from kamalpy.deploys.queries import app_queries
from kamalpy.deploys.roles import RoleMaintenance, RoleSteps
from kamalpy.errors import DeployError
from kamalpy.operations import app, prune

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.options import DeployArguments


@pyinfra_deploy("Kamal app remove")
def app_remove(**options: Unpack[DeployArguments]) -> None:
    """
    Stop the app, and remove its containers, images and files; the audit log stays.

    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _play("app remove", options, removal)


@pyinfra_deploy("Kamal app remove_container")
def app_remove_container(**options: Unpack[DeployArguments]) -> None:
    """
    Remove the containers of one version, which must not run.

    + options: see `kamalpy.deploys.options.DeployOptions`, ``version`` among it
    """
    command = DeployCommand.of("app remove_container", options)
    version = command.options.version
    if not version:
        raise DeployError("version: which one is to be removed? write version=VERSION")
    title = f"Remove the containers of {version}"
    step = RoleSteps(command.project).step(title, app.absent, lambda role: role.absent(version))
    command.run(lambda: [step], app_queries)


@pyinfra_deploy("Kamal app remove_containers")
def app_remove_containers(**options: Unpack[DeployArguments]) -> None:
    """
    Remove all containers of the app that do not run.

    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _play("app remove_containers", options, lambda of: [_containers(of)])


@pyinfra_deploy("Kamal app remove_images")
def app_remove_images(**options: Unpack[DeployArguments]) -> None:
    """
    Remove all images of the app that no container has.

    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _play("app remove_images", options, lambda of: [_images(of)])


@pyinfra_deploy("Kamal app remove_app_directories")
def app_remove_app_directories(**options: Unpack[DeployArguments]) -> None:
    """
    Remove the files of the app: secrets, assets, certificates, what releases were.

    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    _play("app remove_app_directories", options, lambda of: [_directories(of)])


def removal(of: Project) -> Iterator[Step]:
    """List the steps that leave nothing of the app but its audit log."""
    yield RoleSteps(of).step("Stop the app", app.stop, RoleMaintenance.stop)
    yield _containers(of, running=True)
    yield _images(of, without_containers=True)
    yield _directories(of)


def _play(name: str, options: DeployArguments, steps: Callable[[Project], Iterable[Step]]) -> None:
    command = DeployCommand.of(name, options)
    command.run(lambda: steps(command.project), app_queries)


def _containers(of: Project, running: bool = False) -> Step:
    return RoleSteps(of).step(
        "Remove the app's containers", app.absent, lambda role: role.absent(running=running)
    )


def _images(of: Project, without_containers: bool = False) -> Step:
    arguments = {
        "service": of.config.service,
        "repository": of.config.repository,
        "destination": of.config.destination,
        "everything": True,
        "without_containers": without_containers,
        "audit": of.audit("Removed all app images"),
    }
    hosts = RoleSteps(of).whole_hosts
    return Step("Remove the app's images", Stage.PREPARE, hosts, prune.images, lambda _: arguments)


def _directories(of: Project) -> Step:
    arguments = {
        "service": of.config.service,
        "destination": of.config.destination,
        "audit": of.audit(),
    }
    hosts = RoleSteps(of).whole_hosts
    return Step(
        "Remove the app's files", Stage.PREPARE, hosts, app.directories_absent, lambda _: arguments
    )
