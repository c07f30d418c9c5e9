"""From the last switch to the end: a host that is lost, a client that is, and what is left over."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator

import pytest
from lab.deployed import Deployed
from lab.interrupted import LOCKED, come_to_rest, stopped_at
from lab.load import Load
from lab.project import Running

WAIT = """#!/bin/sh
[ "$KAMAL_HOSTS" = LAST ] || exit 0
: >switched
while [ ! -e go ]; do sleep 0.05; done
rm go switched
"""
"""A hook between the switch of the last group of hosts and the commit."""


@pytest.fixture
def at_the_commit(app: Deployed) -> Iterator[Callable[[str], Running]]:
    """Start a deploy whose new version serves everywhere, and that is not committed yet."""
    text = WAIT.replace("LAST", app.job.address)
    hook = app.project.write(".kamal/hooks/post-app-boot", text, 0o755)

    def start(version: str) -> Running:
        app.images.app(version)
        running = app.project.start(
            "pyinfra", "inventory.py", "deploy.py", "-y", env={"VERSION": version}
        )
        while not (app.project.folder / "switched").exists():
            assert running.process.poll() is None, running.text()
            time.sleep(0.02)
        assert set(app.versions()) == {version}
        return running

    yield start
    hook.unlink(missing_ok=True)
    for name in ("go", "switched"):
        (app.project.folder / name).unlink(missing_ok=True)


def go(app: Deployed) -> None:
    app.project.write("go", "")


def ends_clean(app: Deployed, version: str) -> None:
    """Whatever has happened, the next deploy leaves one version everywhere, and nothing to do."""
    (app.project.folder / ".kamal/hooks/post-app-boot").unlink(missing_ok=True)
    done = app.deploy(version, "-y")
    assert done.status == 0, done.text
    assert app.versions() == [version, version]
    names = [[f"test-web-{version}"], [f"test-web-{version}"], [f"test-job-{version}"]]
    assert app.containers() == names
    assert all(host.status("ls .kamal/apps/test/deploying-*.note") for host in app.servers)


def test_a_host_whose_connection_is_lost_before_its_commit(
    app: Deployed,
    load: Load,
    versions: Iterator[str],
    at_the_commit: Callable[[str], Running],
) -> None:
    version, lost = next(versions), app.web[1]
    before = app.versions()[1]
    running = at_the_commit(version)

    lost.sh("pkill -KILL -f '^sshd: root@'")
    lost.wait_for("! pgrep --full 'deploying[-]'", seconds=60)
    go(app)
    done = running.wait()

    assert done.status == 1, done.text
    assert app.versions() == [version, before]
    assert app.containers()[2] == [f"test-job-{version}"]
    assert f"{version} serves, but not on {lost.address}, since this failed: Commit" in done.text
    assert f"{app.web[0].address} serves web {version}; the next deploy finds it done" in done.text
    assert "Traceback" not in done.text
    assert app.servers[0].status(LOCKED) == 1
    ends_clean(app, version)


def test_a_client_that_is_killed_before_the_commit(
    app: Deployed,
    load: Load,
    versions: Iterator[str],
    at_the_commit: Callable[[str], Running],
) -> None:
    before, version = app.versions(), next(versions)

    running = at_the_commit(version)
    running.send(signal.SIGKILL)
    running.wait()
    come_to_rest(app.servers)

    assert app.versions() == before
    app.servers[0].sh("rm -r .kamal/lock-test")
    ends_clean(app, version)


@pytest.mark.parametrize("stage", ["Commit", "Retire"])
def test_a_client_that_is_killed_after_the_commit(
    app: Deployed, load: Load, versions: Iterator[str], stage: str
) -> None:
    version = next(versions)

    stopped_at(app, version, stage, signal.SIGKILL).wait()
    come_to_rest(app.servers)

    assert app.versions() == [version, version]
    if app.servers[0].status(LOCKED) == 0:
        app.servers[0].sh("rm -r .kamal/lock-test")
    ends_clean(app, version)


def test_an_old_version_that_was_not_stopped_is_stopped_by_the_next_run(
    app: Deployed, versions: Iterator[str]
) -> None:
    version, host = next(versions), app.web[1]
    host.sh("mv /usr/bin/docker /usr/bin/docker.real")
    host.sh(
        "printf '%s\\n' '#!/bin/sh' '[ \"$1\" != stop ] || exit 1' 'exec docker.real \"$@\"' "
        ">/usr/bin/docker && chmod 0755 /usr/bin/docker"
    )
    try:
        done = app.deploy(version, "-y")
    finally:
        host.sh("mv /usr/bin/docker.real /usr/bin/docker")

    assert done.status == 0, done.text
    said = f"{version} serves, with leftovers: Retire old versions on {host.address} failed"
    assert said in done.text
    assert len(app.containers()[1]) == 2

    again = app.deploy(version, "-y")

    assert again.status == 0, again.text
    assert app.containers()[1] == [f"test-web-{version}"]
    assert "leftovers" not in again.text
