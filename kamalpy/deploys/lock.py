"""The deploy lock, by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kamalpy.commands.state_query import StateQuery
from kamalpy.deploys.deploy_command import DeployCommand, deploy_command
from kamalpy.deploys.plan import Stage, Step, call, one
from kamalpy.deploys.project import Project
from kamalpy.operations import lock


def _queries(project: Project) -> Mapping[str, StateQuery]:
    return {project.leader: StateQuery(lock=project.lock.folder)}


@deploy_command("lock acquire", _queries, "The deploy lock is not taken", locks=False)
def lock_acquire(command: DeployCommand, message: str) -> Iterator[Step]:
    """
    Take the deploy lock until it is released by hand.

    + message: the reason, shown to others who need the lock
    """
    leader, take = [command.project.leader], command.acquire
    yield one("Take the deploy lock", leader, lambda _: take(str(message)), counts_as=Stage.LOCK)


@deploy_command("lock release", _queries, locks=False)
def lock_release(command: DeployCommand) -> Iterator[Step]:
    """Release the deploy lock, regardless of its owner."""
    held = command.project.lock
    leader, names = [command.project.leader], (held.service, None, held.destination)
    yield call("Release the deploy lock", leader, lock.release, *names)
