"""The deploy lock, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy._pyinfra import this_host
from kamalpy.connectors.hooks import version_of
from kamalpy.deploys.verb import Verb
from kamalpy.operations import lock

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.asked import Asking


@pyinfra_deploy("Take the deploy lock")
def lock_acquire(message: str, **asking: Unpack[Asking]) -> None:
    """
    Take the deploy lock until somebody releases it.

    + message: why, for whoever finds the lock
    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    verb = Verb.of("lock acquire", asking)
    of = verb.project
    if this_host().name == of.leader:
        lock.acquire(
            name="Take the deploy lock",
            service=of.config.service,
            destination=of.config.destination,
            version=version_of(of.config),
            message=message,
            performer=of.name,
            remedy=of.typed("lock release"),
            wait=verb.asked.lock_wait,
            interval=verb.asked.lock_interval,
        )


@pyinfra_deploy("Release the deploy lock")
def lock_release(**asking: Unpack[Asking]) -> None:
    """
    Take the deploy lock away from whoever holds it.

    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    of = Verb.of("lock release", asking).project
    if this_host().name == of.leader:
        lock.release(
            name="Release the deploy lock",
            service=of.config.service,
            destination=of.config.destination,
        )
