"""Going back to a version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy.deploys.deploy_command import DeployCommand
from kamalpy.deploys.plan import Stage, Step
from kamalpy.deploys.queries import app_queries
from kamalpy.deploys.rollback_steps import PreviousRelease, RollbackSteps
from kamalpy.deploys.versions import app_of, versions_of
from kamalpy.errors import DeployError
from kamalpy.spec.history import Version
from kamalpy.spec.state import HostState

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.options import DeployArguments


@pyinfra_deploy("Kamal rollback")
def rollback(to: str | None = None, **options: Unpack[DeployArguments]) -> None:
    """
    Go back to a version on all hosts, or on none: image, environment, secrets, options as then.

    + to: the version; by default the one that served before the one that serves
    + options: see `kamalpy.deploys.options.DeployOptions`; ``version`` is another word for ``to``
    """
    if to is not None and not isinstance(to, str):
        raise DeployError(
            f"to: {to!r} is not text, since pyinfra reads arguments as JSON; write to='\"{to}\"'"
        )
    command = DeployCommand.of("rollback", options)
    known = versions_of(command.project).of_all(command.project)
    version = chosen(
        known.versions, to or command.options.version, command.project.typed("releases")
    )
    back = command.at(version)
    back.run(lambda: _steps(back, known.states), app_queries, "Nothing is rolled back")


def chosen(versions: Sequence[Version], to: str | None, remedy: str) -> str:
    """Find the version to go back to; raises when that is not possible, and says why."""
    fits = (each for each in versions if (each.name == to if to else not each.runs))
    wanted = next(fits, None)
    if wanted is None:
        listed = ", ".join(each.name for each in versions if each.is_possible) or "none"
        what = f"{to}: no server knows this version" if to else "no server knows an older version"
        raise DeployError(f"{what}; versions to go back to: {listed}; {remedy} tells more")
    if not wanted.is_possible:
        why = "; ".join(wanted.missing)
        raise DeployError(f"cannot go back to {wanted.name}: {why}; deploy that version instead")
    return wanted.name


def _steps(command: DeployCommand, states: Mapping[str, HostState]) -> Iterator[Step]:
    of, hooks = command.project, command.hooks
    app = RollbackSteps(of, hooks, prune=False, were=_were(command, states))
    yield from hooks.step("pre-deploy", Stage.PREPARE)
    yield from app.prepare()
    yield from app.boot()
    yield from app.switch()
    yield from app.end()
    yield from hooks.step("post-deploy", Stage.AFTER)
    yield from hooks.step("post-deploy-failed", Stage.AFTER_FAILURE)


def _were(
    command: DeployCommand, states: Mapping[str, HostState]
) -> Mapping[tuple[str, str], PreviousRelease]:
    of = command.project
    return {
        (host, role.name): PreviousRelease.of(
            states[host],
            app_of(of, role.name),
            of.config.version,
            role.asset_path if role.proxy else None,
        )
        for host in of.app_hosts
        for role in of.roles_on(host)
    }
