"""What servers need of a build: its image."""

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

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.asked import Asking


@pyinfra_deploy("Kamal build pull")
def build_pull(**asking: Unpack[Asking]) -> None:
    """
    Fetch the app's image, even where it is there: its tag may have moved.

    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    verb = Verb.of("build pull", asking, locks=False)
    verb.play(partial(_steps, verb), partial(asks, with_accessories=False))


def _steps(verb: Verb) -> Iterator[Step]:
    yield from Infrastructure(verb.project).logins(with_accessories=False)
    yield AppSteps(verb.project, verb.hooks).pull(always=True)
