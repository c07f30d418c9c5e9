"""Setting servers up: Docker, network, proxy, accessories, and then the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy.deploys.deploy import run_plan
from kamalpy.deploys.deploy_command import DeployCommand

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.options import ImageArguments


@pyinfra_deploy("Kamal setup")
def setup(**options: Unpack[ImageArguments]) -> None:
    """
    Set up all hosts and deploy a version to them.

    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    run_plan(DeployCommand.of("setup", options), everything=True)
