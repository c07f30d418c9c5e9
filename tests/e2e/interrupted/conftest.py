"""An app under load, whose deploys are stopped in the middle."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator

import pytest
from fleet.registry import Registry
from lab.configurations import HOST
from lab.deployed import Deployed, deploy_first
from lab.load import Load
from lab.project import Project
from lab.servers import Images, Servers


@pytest.fixture(scope="module")
def app(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Deployed:
    """Version 1 on three servers; others take a second to boot."""
    return deploy_first(fleet, images, registry, new_project, readiness_delay=1)


@pytest.fixture
def load(app: Deployed) -> Iterator[Load]:
    """Requests that take long: a switch has to wait for some of them, and none may fail."""
    addresses = [host.address for host in app.web]
    with Load(addresses, HOST, rate=2, slow_path="/slow?ms=3000", slow_every=1) as load:
        time.sleep(1)
        yield load
    assert load.failures() == []


@pytest.fixture(scope="module")
def versions() -> Iterator[str]:
    """Versions that nobody has deployed yet."""
    return (f"v{number}" for number in itertools.count(2))
