"""An app on three servers, and the table of how each deploy that meets a fault ends."""

from __future__ import annotations

import fcntl
import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fleet.registry import Registry
from lab.deployed import Deployed, deploy_first
from lab.faults import FAULTS, MOMENTS
from lab.interrupted import LOCKED
from lab.project import Project
from lab.servers import Images, Servers

HEADER = f"| at | {' | '.join(FAULTS)} |"


@dataclass(frozen=True)
class Outcomes:
    """A Markdown file with a table: a row for each moment, a column for each fault."""

    file: Path | None

    def add(self, fault: str, moment: str, outcome: str) -> None:
        """Write one cell; the others stay, since other processes may fill them."""
        if self.file is None:
            return
        with self.file.open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            text = _with_cell(file.read(), fault, moment, outcome)
            file.truncate(0)
            file.write(text)


def _with_cell(text: str, fault: str, moment: str, outcome: str) -> str:
    if HEADER not in text:
        text += f"{HEADER}\n|{' --- |' * (len(FAULTS) + 1)}\n"
        text += "".join(f"| {at} |{'  |' * len(FAULTS)}\n" for at in MOMENTS)
    before, header, table = text.partition(HEADER)
    lines = table.splitlines(keepends=True)
    row = next(n for n, line in enumerate(lines) if line.startswith(f"| {moment} |"))
    cells = lines[row].split("|")
    cells[2 + list(FAULTS).index(fault)] = f" {outcome} "
    lines[row] = "|".join(cells)
    return "".join((before, header, *lines))


@pytest.fixture(scope="module")
def outcomes() -> Outcomes:
    """Write outcomes to the file that KAMALPY_FAULTS_TABLE names, if it names one."""
    path = os.environ.get("KAMALPY_FAULTS_TABLE")
    return Outcomes(Path(path) if path else None)


@pytest.fixture(scope="module")
def three_servers(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Deployed:
    """Version 1 on three servers, which go all at once."""
    return deploy_first(fleet, images, registry, new_project, readiness_delay=1, boot={})


@pytest.fixture(scope="module")
def versions() -> Iterator[str]:
    """Versions that nobody has deployed yet."""
    return (f"v{number}" for number in itertools.count(2))


@pytest.fixture
def app(three_servers: Deployed, versions: Iterator[str]) -> Deployed:
    """One version on all servers and no lock, whatever another test has left."""
    app = three_servers
    if app.servers[0].status(LOCKED) == 0:
        app.project.run("kamalpy", "lock", "release")
    if len(set(app.versions())) > 1:
        app.images.app(version := next(versions))
        app.project.typed("deploy", f"--version={version}", "--skip-push")
    return app
