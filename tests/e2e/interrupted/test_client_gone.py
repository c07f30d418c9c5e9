"""A deploy whose client is gone leaves the old version serving; the lock names its dead owner."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator

import pytest
from lab.deployed import Deployed
from lab.interrupted import BEFORE_THE_COMMIT, stopped_at
from lab.load import Load

WHAT_IS_THERE = "cd; head .kamal/apps/test/deploying-*; docker ps --all; ps axwwo pid,lstart,args"
"""What a host is asked by whoever wants to know why it has not taken everything back."""


def settles(what: Callable[[], object], expected: object) -> object:
    """Wait until something is as expected, and return what it is in the end."""
    end = time.monotonic() + 60
    while what() != expected and time.monotonic() < end:
        time.sleep(0.2)
    return what()


@pytest.mark.parametrize("stage", BEFORE_THE_COMMIT)
def test_servers_take_everything_back_when_the_client_is_gone(
    app: Deployed, load: Load, versions: Iterator[str], stage: str
) -> None:
    before = [app.containers(), app.versions()]
    stopped_at(app, next(versions), stage, signal.SIGKILL).wait()
    after = settles(lambda: [app.containers(), app.versions()], before)
    if after != before:
        print("\n\n".join(host.sh(WHAT_IS_THERE) for host in app.servers))
    assert after == before
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
