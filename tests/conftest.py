"""What holds for all tests in pytest's own process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fork_server import ForkServer
from gevent import monkey
from hypothesis import HealthCheck, settings

# Whatever talks to servers makes its process gevent's as soon as it is imported. Where a test does
# that, the threads of pytest-xdist would never hear of each other again.
monkey.patch_all = lambda: True

# Other work on the machine is no failure, and each example of a project writes its files anew.
settings.register_profile(
    "steady",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("steady")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Give ``-n auto`` one more than there are cores: some tests only wait for a timeout."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def fork_server() -> Iterator[ForkServer]:
    """Starts kamalpy and pyinfra, with simulated hosts as well."""
    server = ForkServer(Path(__file__).parent / "deploys/simulated")
    yield server
    server.close()
