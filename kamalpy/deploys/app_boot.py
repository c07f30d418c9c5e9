"""``app boot``: a new container for the version that serves, or the first one of another."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy.deploys.app import AppSteps
from kamalpy.deploys.deploy_command import DeployCommand
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.plan import Step
from kamalpy.deploys.queries import deploy_queries
from kamalpy.deploys.versions import Versions, versions_of
from kamalpy.errors import DeployError

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.options import DeployArguments


@pyinfra_deploy("Kamal app boot")
def app_boot(**options: Unpack[DeployArguments]) -> None:
    """
    Boot a version anew, on all hosts or on none, as deploy.yml has it today.

    + options: see `kamalpy.deploys.options.DeployOptions`; ``version``: the one that serves

    Kamal boots what is tagged as the latest, and calls its containers so.
    """
    command = DeployCommand.of("app boot", options)
    if command.options.version is None:
        command = command.at(serving(versions_of(command.project).of_all(command.project)))
    command.run(
        lambda: _steps(command),
        partial(deploy_queries, with_accessories=False),
        "Nothing is booted",
    )


def serving(known: Versions) -> str:
    """Find the version that serves, or the one that did so last."""
    if len(known.running) > 1:
        listed = ", ".join(known.running)
        raise DeployError(f"several versions run, {listed}; say which one by --version")
    found = next(iter(known.versions), None)
    if found is None:
        raise DeployError("no server knows any version of the app; deploy one")
    return found.name


def _steps(command: DeployCommand) -> Iterator[Step]:
    of = command.project
    app = AppSteps(of, command.hooks, anew=True, prune=False)
    yield from Infrastructure(of).logins(with_accessories=False)
    yield from app.prepare()
    yield from app.boot()
    yield from app.switch()
    yield from app.end()
