"""A deploy whose client is gone leaves the old version serving; the lock names its dead owner."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from lab.deployed import Deployed
from lab.interrupted import BEFORE_THE_COMMIT, come_to_rest, stopped_at
from lab.load import Load


@pytest.mark.parametrize("stage", BEFORE_THE_COMMIT)
def test_servers_take_everything_back_when_the_client_is_gone(
    app: Deployed, load: Load, versions: Iterator[str], stage: str
) -> None:
    before = [app.containers(), app.versions()]
    stopped_at(app, next(versions), stage, signal.SIGKILL).wait()
    come_to_rest(app.servers)
    assert [app.containers(), app.versions()] == before
    app.servers[0].sh("rm -r .kamal/lock-test")


def test_the_next_deploy_reports_that_the_owner_of_the_lock_is_dead(
    app: Deployed, load: Load, versions: Iterator[str]
) -> None:
    stopped_at(app, next(versions), "Prepare", signal.SIGKILL).wait()
    come_to_rest(app.servers)
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
