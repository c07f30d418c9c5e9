"""A deploy that is stopped in the middle leaves the old version serving, and the next one works."""

from __future__ import annotations

import itertools
import signal
import time
from collections.abc import Callable, Iterator

import pytest
from fleet.registry import Registry
from lab.configurations import HOST
from lab.deployed import Deployed, deploy_first
from lab.load import Load
from lab.project import Project, Running
from lab.servers import Images, Servers

BEFORE_THE_COMMIT = ["Take the deploy lock", "Pull", "Boot", "Boot 2", "Switch", "Switch 2"]
FREE = "test -e .kamal/lock-test"


@pytest.fixture(scope="module")
def app(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Deployed:
    """Version 1 on three servers; others take a second to boot."""
    return deploy_first(fleet, images, registry, new_project, readiness_delay=2)


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


def stopped_at(app: Deployed, version: str, stage: str, with_signal: signal.Signals) -> Running:
    """Start a deploy and send a signal as soon as a stage of it has begun."""
    app.images.app(version, fault="boot-delay=1")
    second = {"Boot 2": f"Boot {version} (2/", "Switch 2": f"Switch to {version} (2/"}
    wanted = f"Starting operation: Kamal deploy | {second.get(stage, stage)}"
    running = app.project.start(
        "pyinfra", "inventory.py", "deploy.py", "-y", env={"VERSION": version}
    )
    while wanted not in running.text():
        assert running.process.poll() is None, running.text()
        time.sleep(0.02)
    time.sleep(0.2)
    running.send(with_signal)
    return running


def settles(what: Callable[[], object], expected: object) -> object:
    """Wait until something is as expected, and return what it is in the end."""
    end = time.monotonic() + 20
    while what() != expected and time.monotonic() < end:
        time.sleep(0.2)
    return what()


@pytest.mark.parametrize("stage", BEFORE_THE_COMMIT)
@pytest.mark.parametrize("with_signal", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_takes_everything_back_before_it_returns(
    app: Deployed, load: Load, versions: Iterator[str], stage: str, with_signal: signal.Signals
) -> None:
    before = [app.containers(), app.versions()]
    done = stopped_at(app, next(versions), stage, with_signal).wait()
    assert done.status == 128 + with_signal, done.text
    assert app.servers[0].status(FREE) == 1
    assert [app.containers(), app.versions()] == before, done.text
    assert "Traceback" not in done.text


@pytest.mark.parametrize("stage", BEFORE_THE_COMMIT)
def test_servers_take_everything_back_when_the_client_is_gone(
    app: Deployed, load: Load, versions: Iterator[str], stage: str
) -> None:
    before = [app.containers(), app.versions()]
    stopped_at(app, next(versions), stage, signal.SIGKILL).wait()
    assert settles(lambda: [app.containers(), app.versions()], before) == before
    locked = app.deploy(version := next(versions))
    assert locked.status == 1
    assert "Locked by: Ada" in locked.err
    assert "That run is dead: the connection it took the lock by is gone." in locked.err
    take = "pyinfra @kamal/config/deploy.yml kamalpy.deploys:lock_release"
    assert f"take it: {take}" in locked.err
    assert app.project.run(*take.split(), "-y").status == 0
    done = app.deploy(version)
    assert done.status == 0, done.text
    assert set(app.versions()) == {version}


def test_after_the_commit_ctrl_c_brings_the_deploy_to_its_end(
    app: Deployed, load: Load, versions: Iterator[str]
) -> None:
    done = stopped_at(app, version := next(versions), "Retire", signal.SIGINT).wait()
    assert done.status == 130, done.text
    assert app.versions() == [version, version]
    names = [[f"test-web-{version}"], [f"test-web-{version}"], [f"test-job-{version}"]]
    assert app.containers() == names
    assert app.servers[0].status(FREE) == 1
