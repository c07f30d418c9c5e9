"""Roll back to a version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kamalpy.deploys.deploy_command import DeployCommand, deploy_command
from kamalpy.deploys.plan import Stage, Step
from kamalpy.deploys.queries import app_queries
from kamalpy.deploys.rollback_steps import PreviousRelease, RollbackSteps
from kamalpy.deploys.versions import versions_of
from kamalpy.errors import DeployError
from kamalpy.spec.history import Version


def _version(command: DeployCommand, to: str | None = None) -> str:
    if to is not None and not isinstance(to, str):
        raise DeployError(
            f"to: {to!r} is not text, since pyinfra reads arguments as JSON; write to='\"{to}\"'"
        )
    project = command.project
    versions = versions_of(project).of_all(project).versions
    return chosen(versions, to or command.options.version, project.typed("releases"))


def chosen(versions: Sequence[Version], to: str | None, remedy: str) -> str:
    """Find the version to roll back to; raises DeployError with the reason if there is none."""
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


@deploy_command("rollback", app_queries, "Nothing is rolled back", version=_version)
def rollback(command: DeployCommand, to: str | None = None) -> Iterator[Step]:
    """
    Go back to a version on all hosts, or on none: image, environment, secrets, options as then.

    + to: the version, or ``version``; by default the one that served before the one that serves
    """
    hooks = command.hooks
    steps = RollbackSteps(command.project, hooks, prune=False, releases=_releases(command))
    yield from hooks.step("pre-deploy", Stage.PREPARE)
    yield from steps.all()
    yield from hooks.after_deploy()


def _releases(command: DeployCommand) -> Mapping[tuple[str, str], PreviousRelease]:
    project, version = command.project, command.project.config.version
    states = versions_of(project).states
    return {
        (host, role.name): PreviousRelease.of(
            states[host], project.app(role.name), version, role.asset_path if role.proxy else None
        )
        for host in project.app_hosts
        for role in project.roles_on(host)
    }
