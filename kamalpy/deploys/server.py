"""The verbs of servers themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy.deploys.asks import asks_beside
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.plan import Stage, Step
from kamalpy.deploys.verb import Verb

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.asked import Asking


@pyinfra_deploy("Kamal server bootstrap")
def server_bootstrap(**asking: Unpack[Asking]) -> None:
    """
    Have Docker on all hosts.

    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    verb = Verb.of("server bootstrap", asking)

    def steps() -> Iterator[Step]:
        yield from Infrastructure(verb.project).docker()
        yield from verb.hooks.step("docker-setup", Stage.PREPARE)

    verb.play(steps, asks_beside)
