"""Setting servers up: Docker, network, proxy, accessories, and then the app."""

from __future__ import annotations

from collections.abc import Sequence

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy.deploys.deploy import run_plan
from kamalpy.deploys.project import project


@pyinfra_deploy("Kamal setup")
def setup(
    config: str | None = None,
    destination: str | None = None,
    version: str | None = None,
    roles: Sequence[str] = (),
    skip_hooks: bool = False,
) -> None:
    """
    Set up all hosts and deploy a version to them.

    + config: path of deploy.yml; by default what the inventory says
    + destination: destination; by default what the inventory says
    + version: version; by default ``VERSION`` of the environment, else what git says
    + roles: only these roles; all by default
    + skip_hooks: run no hooks
    """
    run_plan("setup", project(config, destination, version, roles), True, skip_hooks)
