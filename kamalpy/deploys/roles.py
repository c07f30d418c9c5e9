"""Steps that do something to every role in play."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from kamalpy.config import Role
from kamalpy.deploys.plan import Stage, Step
from kamalpy.deploys.project import Project
from kamalpy.operations.base import Commands


def role_step(
    project: Project,
    title: str,
    roles: Sequence[Role],
    operation: Callable[[Role, str], Commands],
    stage: Stage = Stage.PREPARE,
    group: Collection[str] | None = None,
    **more: Any,
) -> Step:
    """Make an operation for each of some roles, on all its hosts or on those of a group."""

    def operations(host: str) -> Iterator[Commands]:
        return (operation(role, host) for role in roles if host in role.hosts)

    hosts = project.play([host for role in roles for host in role.hosts])
    wanted = tuple(host for host in hosts if group is None or host in group)
    return Step(title, stage, wanted, operations, **more)


def whole_hosts(project: Project) -> tuple[str, ...]:
    """List the hosts of which all roles are in play, so that nobody else needs the app."""
    return tuple(
        host
        for host in project.app_hosts
        if len(project.roles_on(host)) == sum(host in role.hosts for role in project.config.roles)
    )
