"""``app boot``: a new container for the version that serves, or the first one of another."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy.deploys.app import AppSteps
from kamalpy.deploys.asks import asks
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.plan import Step
from kamalpy.deploys.verb import Verb
from kamalpy.deploys.versions import Versions, versions_of
from kamalpy.errors import DeployError

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.asked import Asking


@pyinfra_deploy("Kamal app boot")
def app_boot(**asking: Unpack[Asking]) -> None:
    """
    Boot a version anew, on all hosts or on none, as deploy.yml has it today.

    + asking: as `kamalpy.deploys.asked.Asked` has it; ``version`` is by default the one that serves

    Kamal boots what is tagged as the latest, and calls its containers so.
    """
    verb = Verb.of("app boot", asking)
    if verb.asked.version is None:
        verb = verb.at(serving(versions_of(verb.project).of_all(verb.project)))
    verb.play(lambda: _steps(verb), partial(asks, with_accessories=False), "Nothing is booted")


def serving(known: Versions) -> str:
    """Find the version that serves, or the one that did so last."""
    if len(known.running) > 1:
        listed = ", ".join(known.running)
        raise DeployError(f"several versions run, {listed}; say which one by --version")
    found = next(iter(known.versions), None)
    if found is None:
        raise DeployError("no server knows any version of the app; deploy one")
    return found.name


def _steps(verb: Verb) -> Iterator[Step]:
    of = verb.project
    app = AppSteps(of, verb.hooks, anew=True, prune=False)
    yield from Infrastructure(of).logins(with_accessories=False)
    yield from app.prepare()
    yield from app.boot()
    yield from app.switch()
    yield app.retire()
    yield app.revert()
