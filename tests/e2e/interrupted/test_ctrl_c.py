"""A deploy that is interrupted leaves the old version serving, and the next one works."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from lab.deployed import Deployed
from lab.interrupted import BEFORE_THE_COMMIT, LOCKED, stopped_at
from lab.load import Load


@pytest.mark.parametrize(
    ("stage", "with_signal"),
    [(stage, signal.SIGINT) for stage in BEFORE_THE_COMMIT] + [("Switch", signal.SIGTERM)],
)
def test_ctrl_c_takes_everything_back_before_it_returns(
    app: Deployed, load: Load, versions: Iterator[str], stage: str, with_signal: signal.Signals
) -> None:
    before = [app.containers(), app.versions()]
    done = stopped_at(app, next(versions), stage, with_signal).wait()
    assert done.status == 128 + with_signal, done.text
    assert app.servers[0].status(LOCKED) == 1
    assert [app.containers(), app.versions()] == before, done.text
    assert "Traceback" not in done.text


def test_after_the_commit_ctrl_c_brings_the_deploy_to_its_end(
    app: Deployed, load: Load, versions: Iterator[str]
) -> None:
    done = stopped_at(app, version := next(versions), "Retire", signal.SIGINT).wait()
    assert done.status == 130, done.text
    assert app.versions() == [version, version]
    names = [[f"test-web-{version}"], [f"test-web-{version}"], [f"test-job-{version}"]]
    assert app.containers() == names
    assert app.servers[0].status(LOCKED) == 1
