"""Servers, images and projects for the e2e tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fleet import beside, storage
from fleet.errors import FleetError
from fleet.fleet import Fleet
from fleet.lock import held
from fleet.registry import Registry
from lab.host import Host
from lab.project import Project, create
from lab.servers import Images, Servers


def fleet_of_worker() -> Fleet:
    """Give each worker of `pytest -n` a fleet of its own."""
    first, worker = Fleet(), os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        return first
    count = int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
    beside.provide(first, count - 1, os.environ["PYTEST_XDIST_TESTRUNUID"])
    number = int(worker.removeprefix("gw"))
    return beside.fleet(first, number) if number else first


@pytest.fixture(scope="session")
def lab(request: pytest.FixtureRequest) -> Iterator[Fleet]:
    """Have the control machine, the images and the registry; KAMALPY_FLEET_KEEP leaves them up."""
    try:
        fleet = fleet_of_worker()
        with held(fleet.settings):
            fleet.prepare()
            yield fleet
            if not os.environ.get("KAMALPY_FLEET_KEEP"):
                fleet.down()
                storage.release(Fleet().settings.directory)
    except FleetError as problem:
        request.session.shouldfail = "the e2e tests cannot run here"  # pytest.exit hides the reason
        said = f"the e2e tests cannot run here: {problem}"
        raise pytest.fail.Exception(said, pytrace=False) from None


@pytest.fixture(scope="session")
def images(lab: Fleet) -> Images:
    """Images, built and pushed when they are asked for."""
    return Images(lab)


@pytest.fixture(scope="session")
def registry(lab: Fleet) -> Registry:
    """The registry that wants a password."""
    return lab.control.registry


@pytest.fixture(scope="module")
def fleet(lab: Fleet) -> Servers:
    """Three servers, for each module with fresh disks; `fleet.renew()` gives a test its own."""
    return Servers(lab).renew()


@pytest.fixture
def h1(fleet: Servers) -> Iterator[Host]:
    """The first server, without containers at the end."""
    yield fleet[0]
    fleet[0].sh("docker ps --all --quiet | xargs -r docker rm --force --volumes")


@pytest.fixture
def project(lab: Fleet, tmp_path: Path) -> Project:
    """An empty project of a user whose key the servers accept."""
    return create(lab, tmp_path)


@pytest.fixture(scope="module")
def new_project(lab: Fleet, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Project]:
    """Make projects that outlive one test."""
    return lambda: create(lab, tmp_path_factory.mktemp("project"))
