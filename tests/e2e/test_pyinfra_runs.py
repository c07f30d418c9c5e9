"""Deploys as a part of pyinfra: by sudo, some hosts at a time, beside operations of one's own."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator

import pytest
from fleet.registry import Registry
from lab.deployed import Deployed, configured
from lab.host import Host
from lab.interrupted import stopped_at
from lab.project import Project
from lab.servers import Images, Servers

SUDO = "from kamalpy import deploys\n\ndeploys.{name}(_sudo=True)\n"
LOCKED = "test -e /home/deploy/.kamal/lock-test"
BESIDE = """
from pyinfra.operations import server

from kamalpy import deploys

server.shell(name="Before", commands=["test ! -e before-fails && date >before"])
deploys.deploy(_sudo=True)
server.shell(name="After", commands=["test ! -e after-fails && date >after"])
"""
ENTRY = ("kamalpy.deploys:deploy", "--sudo", "-y")
CUT = "iptables -I INPUT -p tcp --dport 22 -j DROP; iptables -I OUTPUT -p tcp --sport 22 -j DROP"
JOINED = CUT.replace("-I", "-D")


@pytest.fixture(scope="module")
def app(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Deployed:
    """Version 1 on three servers, deployed by a user who can do nothing without sudo."""
    user = {"ssh": {"user": "deploy"}, "readiness_delay": 1}
    app = configured(fleet, images, registry, new_project, **user)
    for host in app.servers:
        host.sh("gpasswd --delete deploy docker")
    app.project.write("deploy.py", SUDO.format(name="setup"))
    done = app.deploy("v1")
    if done.status:
        raise RuntimeError(done.text)
    app.project.write("deploy.py", SUDO.format(name="deploy"))
    return app


@pytest.fixture(scope="module")
def versions() -> Iterator[str]:
    """Versions that nobody has deployed yet."""
    return (f"v{number}" for number in range(2, 99))


def running(version: str) -> list[list[str]]:
    return [[f"test-web-{version}"], [f"test-web-{version}"], [f"test-job-{version}"]]


def current(app: Deployed) -> str:
    """Name the version that all hosts run."""
    (version,) = {name.rpartition("-")[2] for names in app.containers() for name in names}
    return version


def test_by_sudo(app: Deployed, versions: Iterator[str]) -> None:
    done = app.deploy(version := next(versions))

    assert done.status == 0, done.text
    assert app.containers() == running(version)
    assert app.servers[0].status(LOCKED) == 1
    again = app.deploy(version)
    assert (again.status, app.containers()) == (0, running(version)), again.text


def test_what_fails_is_taken_back_by_sudo(app: Deployed) -> None:
    before = [app.containers(), app.versions()]

    done = app.deploy("sick", fault=f"unhealthy@{app.web[1].address}")

    assert done.status == 1, done.text
    assert [app.containers(), app.versions()] == before
    assert app.servers[0].status(LOCKED) == 1


@pytest.mark.parametrize("stage", ["Boot", "Switch"])
def test_what_is_interrupted_is_taken_back_by_sudo(
    app: Deployed, versions: Iterator[str], stage: str
) -> None:
    before = [app.containers(), app.versions()]

    done = stopped_at(app, next(versions), stage, signal.SIGTERM).wait()

    assert done.status == 143, done.text
    assert [app.containers(), app.versions()] == before, done.text
    assert app.servers[0].status(LOCKED) == 1
    assert "Traceback" not in done.text


def test_rolling_back_by_sudo(app: Deployed, versions: Iterator[str]) -> None:
    before = current(app)
    assert app.deploy(next(versions)).status == 0

    words = ("@kamal", "kamalpy.deploys:rollback", f'version="{before}"', "--sudo", "-y")
    done = app.project.pyinfra(*words)

    assert (done.status, current(app)) == (0, before), done.text


def test_one_host_at_a_time(app: Deployed, versions: Iterator[str]) -> None:
    app.images.app(version := next(versions))

    done = app.project.pyinfra("@kamal", *ENTRY, "--parallel", "1", env={"VERSION": version})

    assert (done.status, app.containers()) == (0, running(version)), done.text


def test_some_hosts_only(app: Deployed, versions: Iterator[str]) -> None:
    before, _ = app.containers(), app.images.app(version := next(versions))

    done = app.project.pyinfra("@kamal", *ENTRY, "--limit", "web", env={"VERSION": version})

    assert done.status == 0, done.text
    assert app.containers() == [*running(version)[:2], before[2]]
    rest = app.project.pyinfra("@kamal", *ENTRY, env={"VERSION": version})
    assert (rest.status, app.containers()) == (0, running(version)), rest.text


def test_hosts_out_of_step_are_refused(app: Deployed, versions: Iterator[str]) -> None:
    before, _ = app.containers(), app.images.app(version := next(versions))

    done = app.project.pyinfra("@kamal", *ENTRY, "--serial", env={"VERSION": version})

    assert (done.status, app.containers()) == (1, before), done.text
    assert "--serial takes hosts out of step" in done.text


@pytest.fixture
def beside(app: Deployed) -> Iterator[Deployed]:
    """A deploy.py with operations before and after the deploy."""
    app.project.write("deploy.py", BESIDE)
    yield app
    app.project.write("deploy.py", SUDO.format(name="deploy"))
    for host in app.servers:
        host.sh("cd /home/deploy; rm -f before after before-fails after-fails")


def wrote(app: Deployed, file: str) -> list[bool]:
    return [host.status(f"test -e /home/deploy/{file}") == 0 for host in app.servers]


def test_operations_of_ones_own(beside: Deployed, versions: Iterator[str]) -> None:
    done = beside.deploy(version := next(versions))

    assert (done.status, beside.containers()) == (0, running(version)), done.text
    assert (wrote(beside, "before"), wrote(beside, "after")) == ([True] * 3, [True] * 3)


def test_an_own_operation_fails_before(beside: Deployed, versions: Iterator[str]) -> None:
    before = beside.containers()
    beside.web[1].sh("touch /home/deploy/before-fails")

    done = beside.deploy(next(versions))

    assert (done.status, beside.containers()) == (1, before), done.text
    assert beside.servers[0].status(LOCKED) == 1
    assert wrote(beside, "after") == [False] * 3, done.text
    why = (
        f"Nothing is deployed, since this failed: {beside.web[1].address}, before the deploy began"
    )
    assert why in done.text
    assert "Traceback" not in done.text


def test_an_own_operation_fails_afterwards(beside: Deployed, versions: Iterator[str]) -> None:
    beside.web[1].sh("touch /home/deploy/after-fails")

    done = beside.deploy(version := next(versions))

    assert (done.status, beside.containers()) == (1, running(version)), done.text
    assert wrote(beside, "after") == [True, False, True]


@pytest.fixture
def vanishing(app: Deployed) -> Iterator[Host]:
    """A host whose link is cut, and joined again in the end."""
    yield app.web[1]
    app.web[1].sh(f"{JOINED}; true")


def test_a_host_vanishes(app: Deployed, versions: Iterator[str], vanishing: Host) -> None:
    before = app.containers()
    app.images.app(version := next(versions), fault="boot-delay=5")
    running = app.project.start("pyinfra", "@kamal", *ENTRY, env={"VERSION": version})
    while f"Starting operation: Kamal deploy | Boot {version}" not in running.text():
        assert running.process.poll() is None, running.text()
        time.sleep(0.05)
    vanishing.sh(CUT)
    began = time.monotonic()

    done = running.wait()

    assert done.status == 1, done.text
    assert time.monotonic() - began < 75  # 45 to notice it, and what a deploy does besides
    assert "the connection is lost" in done.text
    assert [app.containers()[0], app.containers()[2]] == [before[0], before[2]]
    assert app.servers[0].status(LOCKED) == 1
