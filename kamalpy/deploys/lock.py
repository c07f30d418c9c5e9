"""The deploy lock, by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy.commands.host import Host
from kamalpy.commands.lock import Lock
from kamalpy.connectors.hooks import version_of
from kamalpy.deploys.plan import Stage, Step
from kamalpy.deploys.project import Project
from kamalpy.deploys.verb import Verb
from kamalpy.operations import lock

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.asked import Asking


@pyinfra_deploy("Kamal lock acquire")
def lock_acquire(message: str, **asking: Unpack[Asking]) -> None:
    """
    Take the deploy lock until somebody releases it.

    + message: why, for whoever finds the lock
    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    verb = Verb.of("lock acquire", asking, locks=False)
    of = verb.project
    arguments = {
        "service": of.config.service,
        "destination": of.config.destination,
        "version": version_of(of.config),
        "message": str(message),
        "performer": of.name,
        "remedy": of.typed("lock release"),
        "wait": verb.asked.lock_wait,
        "interval": verb.asked.lock_interval,
    }
    step = Step(
        "Take the deploy lock",
        Stage.PREPARE,
        (of.leader,),
        lock.acquire,
        lambda _: arguments,
        counts_as=Stage.LOCK,
    )
    verb.play(lambda: [step], _asks, "The deploy lock is not taken")


@pyinfra_deploy("Kamal lock release")
def lock_release(**asking: Unpack[Asking]) -> None:
    """
    Take the deploy lock away from whoever holds it.

    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    verb = Verb.of("lock release", asking, locks=False)
    of = verb.project
    arguments = {"service": of.config.service, "destination": of.config.destination}
    step = Step(
        "Release the deploy lock", Stage.PREPARE, (of.leader,), lock.release, lambda _: arguments
    )
    verb.play(lambda: [step], _asks)


def _asks(of: Project) -> Mapping[str, Host]:
    return {of.leader: Host(lock=Lock(of.config.service, of.config.destination).folder)}
