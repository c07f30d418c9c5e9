"""The deploy lock, by hand."""

from __future__ import annotations

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy._pyinfra import this_host
from kamalpy.deploys.project import project
from kamalpy.operations import lock


@pyinfra_deploy("Release the deploy lock")
def lock_release(config: str | None = None, destination: str | None = None) -> None:
    """
    Take the deploy lock away from whoever holds it.

    + config: path of deploy.yml; by default what the inventory says
    + destination: destination; by default what the inventory says
    """
    of = project(config, destination)
    if this_host().name == of.leader:
        lock.release(
            name="Release the deploy lock",
            service=of.config.service,
            destination=of.config.destination,
        )
