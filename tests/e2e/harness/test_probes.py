"""The load and the sampler, which other tests believe."""

from __future__ import annotations

import time
from collections.abc import Callable

from lab.host import Host
from lab.load import Load
from lab.project import Project
from lab.sampler import Sampler

CANARY = "canary-5b1f"


def test_load_keeps_its_rate_and_sees_every_failure(start_app: Callable[..., Host]) -> None:
    host = start_app()
    host.wait_for("curl -sf localhost/up")
    with Load([host.address], "x", rate=50, slow_path="/slow?ms=20000", slow_every=10) as load:
        time.sleep(2)
        stopped = time.time()
        host.sh("docker kill app")
        gone = time.time()
        time.sleep(1)
    seconds = time.time() - load.shots[0].at + load.late
    assert 140 <= len(load.shots) <= 50 * seconds + 1
    assert {shot.version for shot in load.shots if not shot.failed} == {"v1"}
    assert all(shot.failed for shot in load.shots if shot.at > gone)
    slow = [shot for shot in load.shots if shot.path != "/version" and shot.at < stopped]
    assert [shot.failed for shot in slow] == [True] * len(slow), "killed while they waited"
    assert load.versions(since=gone) == {"": sum(shot.at > gone for shot in load.shots)}


def test_the_sampler_sees_what_lives_for_a_moment(h1: Host, project: Project) -> None:
    with Sampler([CANARY]) as sampler:
        time.sleep(0.1)
        project.run("sh", "-c", "sleep 1", CANARY)
        h1.sh(f"docker run --rm python:3.11 sh -c 'sleep 1; : {CANARY}'")
    assert sampler.rounds > 10
    commands = [found.command for found in sampler.seen]
    assert f"sh -c sleep 1 {CANARY}" in commands
    assert f"sh -c sleep 1; : {CANARY}" in commands, commands


def test_the_sampler_sees_environments_on_request(project: Project) -> None:
    for environ, expected in ((False, []), (True, ["environ"])):
        with Sampler([CANARY], environ=environ) as sampler:
            time.sleep(0.1)
            project.run("sleep", "0.5", env={"X": CANARY})
        assert sorted({found.where for found in sampler.seen}) == expected


def test_the_sampler_itself_shows_nothing() -> None:
    with Sampler([CANARY]) as sampler:
        time.sleep(0.2)
    assert sampler.seen == []
