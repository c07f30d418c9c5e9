"""``remove``: nothing of a service is left but its data and its audit log."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy.config import EVERY
from kamalpy.deploys.accessories import AccessorySteps
from kamalpy.deploys.app_remove import removal
from kamalpy.deploys.deploy_command import DeployCommand
from kamalpy.deploys.plan import Stage, Step
from kamalpy.deploys.project import Project
from kamalpy.deploys.proxies import ProxySteps
from kamalpy.deploys.queries import infrastructure_queries
from kamalpy.deploys.registry import RegistrySteps
from kamalpy.operations import app

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.options import DeployArguments


@pyinfra_deploy("Kamal remove")
def remove(data: bool = False, **options: Unpack[DeployArguments]) -> None:
    """
    Remove the app, its accessories, the proxy where nobody else needs it, and the login.

    + data: files and data of the accessories as well
    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    command = DeployCommand.of("remove", options)
    accessories = command.project.config.accessories
    command.run(
        partial(_steps, command, data), partial(infrastructure_queries, accessories=accessories)
    )


def _steps(command: DeployCommand, data: bool) -> Iterator[Step]:
    of = command.project
    yield from removal(of)
    accessories = AccessorySteps(of)
    for each in accessories.chosen(EVERY):
        yield from accessories.remove(each, data)
    yield _files_beside(of)
    yield from ProxySteps(of, command.hooks).remove_unless_needed()
    yield from RegistrySteps(of).logouts()


def _files_beside(of: Project) -> Step:
    """Remove the accessories' secrets where no role is."""
    config = of.config
    arguments = {
        "service": config.service,
        "destination": config.destination,
        "audit": of.audit(),
    }
    hosts = tuple(
        host
        for host in of.play(config.hosts)
        if not any(host in role.hosts for role in config.roles)
    )
    title = "Remove the accessories' secrets"
    return Step(title, Stage.PREPARE, hosts, app.directories_absent, lambda host: arguments)
