"""The verbs of servers themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy.deploys.deploy_command import DeployCommand
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.plan import Stage, Step
from kamalpy.deploys.queries import infrastructure_queries

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.options import DeployArguments


@pyinfra_deploy("Kamal server bootstrap")
def server_bootstrap(**options: Unpack[DeployArguments]) -> None:
    """
    Install Docker on all hosts.

    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    command = DeployCommand.of("server bootstrap", options)

    def steps() -> Iterator[Step]:
        yield from Infrastructure(command.project).docker()
        yield from command.hooks.step("docker-setup", Stage.PREPARE)

    command.run(steps, infrastructure_queries)
