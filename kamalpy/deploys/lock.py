"""The deploy lock, by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy.commands.lock import Lock
from kamalpy.commands.state_query import StateQuery
from kamalpy.connectors.hooks import version_of
from kamalpy.deploys.deploy_command import DeployCommand
from kamalpy.deploys.plan import Stage, Step
from kamalpy.deploys.project import Project
from kamalpy.operations import lock

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.options import DeployArguments


@pyinfra_deploy("Kamal lock acquire")
def lock_acquire(message: str, **options: Unpack[DeployArguments]) -> None:
    """
    Take the deploy lock until somebody releases it.

    + message: why, for whoever finds the lock
    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    command = DeployCommand.of("lock acquire", options, locks=False)
    of = command.project
    arguments = {
        "service": of.config.service,
        "destination": of.config.destination,
        "version": version_of(of.config),
        "message": str(message),
        "performer": of.name,
        "remedy": of.typed("lock release"),
        "wait": command.options.lock_wait,
        "interval": command.options.lock_interval,
    }
    step = Step(
        "Take the deploy lock",
        Stage.PREPARE,
        (of.leader,),
        lock.acquire,
        lambda _: arguments,
        counts_as=Stage.LOCK,
    )
    command.run(lambda: [step], _queries, "The deploy lock is not taken")


@pyinfra_deploy("Kamal lock release")
def lock_release(**options: Unpack[DeployArguments]) -> None:
    """
    Take the deploy lock away from whoever holds it.

    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    command = DeployCommand.of("lock release", options, locks=False)
    of = command.project
    arguments = {"service": of.config.service, "destination": of.config.destination}
    step = Step(
        "Release the deploy lock", Stage.PREPARE, (of.leader,), lock.release, lambda _: arguments
    )
    command.run(lambda: [step], _queries)


def _queries(of: Project) -> Mapping[str, StateQuery]:
    return {of.leader: StateQuery(lock=Lock(of.config.service, of.config.destination).folder)}
