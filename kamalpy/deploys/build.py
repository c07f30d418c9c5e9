"""What servers need of a build: its image."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy.deploys.app import AppSteps
from kamalpy.deploys.deploy_command import DeployCommand
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.plan import Step
from kamalpy.deploys.queries import deploy_queries

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.options import DeployArguments


@pyinfra_deploy("Kamal build pull")
def build_pull(**options: Unpack[DeployArguments]) -> None:
    """
    Fetch the app's image, even where it is there: its tag may have moved.

    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    command = DeployCommand.of("build pull", options, locks=False)
    command.run(partial(_steps, command), partial(deploy_queries, with_accessories=False))


def _steps(command: DeployCommand) -> Iterator[Step]:
    yield from Infrastructure(command.project).logins(with_accessories=False)
    yield AppSteps(command.project, command.hooks).pull(always=True)
