"""An app on three servers, and the table of what became of it."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fleet.registry import Registry
from lab.deployed import Deployed, deploy_first
from lab.faults import FAULTS, MOMENTS
from lab.project import Project
from lab.servers import Images, Servers


@dataclass
class Outcomes:
    """What became of each deploy that met a fault, in a few words."""

    found: dict[tuple[str, str], str] = field(default_factory=dict)

    def table(self) -> str:
        """Write a row for each moment and a column for each fault."""
        rows = [["at", *FAULTS], ["---"] * (len(FAULTS) + 1)]
        rows += [[at, *(self.found.get((one, at), "") for one in FAULTS)] for at in MOMENTS]
        return "".join(f"| {' | '.join(row)} |\n" for row in rows)


@pytest.fixture(scope="module")
def outcomes() -> Iterator[Outcomes]:
    """Collect outcomes, and write them where KAMALPY_FAULTS_TABLE says."""
    outcomes = Outcomes()
    yield outcomes
    if path := os.environ.get("KAMALPY_FAULTS_TABLE"):
        Path(path).write_text(outcomes.table())


@pytest.fixture(scope="module")
def app(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Deployed:
    """Version 1 on three servers, which go all at once."""
    return deploy_first(fleet, images, registry, new_project, readiness_delay=1, boot={})


@pytest.fixture(scope="module")
def versions() -> Iterator[str]:
    """Versions that nobody has deployed yet."""
    return (f"v{number}" for number in itertools.count(2))
