"""Setting servers up: Docker, network, proxy, accessories, and then the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy.deploys.deploy import run_plan
from kamalpy.deploys.verb import Verb

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.asked import Asking


@pyinfra_deploy("Kamal setup")
def setup(**asking: Unpack[Asking]) -> None:
    """
    Set up all hosts and deploy a version to them.

    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    run_plan(Verb.of("setup", asking), everything=True)
