"""A deploy over three hosts in which something fails: all hosts end where they began."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

V1 = {"h1.test": ["blog-web-v1"], "h2.test": ["blog-web-v1"], "h3.test": ["blog-job-v1"]}
V2 = {"h1.test": ["blog-web-v2"], "h2.test": ["blog-web-v2"], "h3.test": ["blog-job-v2"]}
SERVED_V2 = {"h1.test": "blog-web-v2", "h2.test": "blog-web-v2"}
SERVED_V1 = {"h1.test": "blog-web-v1", "h2.test": "blog-web-v1"}
TITLES = {
    "acquire": "Take the deploy lock",
    "pull": "Prepare v2",
    "put": "Prepare v2",
    "boot": "Boot v2",
    "switch": "Switch to v2",
}
FAULTS = [
    *((host, "pull") for host in ("h1.test", "h2.test", "h3.test")),
    *((host, "put") for host in ("h1.test", "h2.test", "h3.test")),
    *((host, "boot") for host in ("h1.test", "h2.test", "h3.test")),
    *((host, "switch") for host in ("h1.test", "h2.test")),
]

Run = Callable[..., Any]


def is_as_before(project: Any) -> bool:
    """Whether every host serves the old version, holds no other one, and nobody holds the lock."""
    world = project.world
    return (
        project.running() == V1
        and project.served() == SERVED_V1
        and not any(name.endswith("v2") for has in world.values() for name in has["containers"])
        and not any(has["markers"] or "lock" in has for has in world.values())
    )


@pytest.mark.parametrize("how", ["early", "late"])
@pytest.mark.parametrize(("host", "command"), FAULTS)
def test_all_or_nothing(deployed: Any, run: Run, host: str, command: str, how: str) -> None:
    deployed.configure(env={"clear": {"MODE": "production"}, "secret": ["TOKEN", "NEW:TOKEN"]})

    done = run(faults=f"{host}:{command}:{how}")

    assert done.status == 1
    assert is_as_before(deployed)
    for each in V1:
        said = f"Nothing is deployed, since this failed: {TITLES[command]} on {host}"
        assert f"[{each}] {said}" in done.text
    names = [name for _, name in done.commands()]
    assert not {"commit", "retire"} & set(names)
    if command != "switch":
        assert "switch" not in names
    if command in ("pull", "put"):
        assert "boot" not in names


@pytest.mark.parametrize("host", ["h1.test", "h2.test", "h3.test"])
@pytest.mark.parametrize("parallel", [1, 2])
def test_in_whatever_order_hosts_come(deployed: Any, run: Run, host: str, parallel: int) -> None:
    done = run(faults=f"{host}:boot", parallel=parallel)

    assert (done.status, is_as_before(deployed)) == (1, True)
    assert "switch" not in [name for _, name in done.commands()]


def test_two_hosts_fail(deployed: Any, run: Run) -> None:
    done = run(faults="h2.test:boot h3.test:boot:late")

    assert (done.status, is_as_before(deployed)) == (1, True)
    assert "Boot v2 on h2.test" in done.text
    assert "Boot v2 on h3.test" in done.text


def test_the_lock_cannot_be_taken(deployed: Any, run: Run) -> None:
    done = run(faults="h1.test:acquire")

    assert (done.status, is_as_before(deployed)) == (1, True)
    assert done.commands() == [("h1.test", "acquire")]


def test_somebody_else_holds_the_lock(deployed: Any, run: Run) -> None:
    world = deployed.world
    world["h1.test"]["lock"] = {"folder": "x", "details": "", "token": "somebody else's"}
    (deployed.folder / "world.json").write_text(json.dumps(world))

    done = run()

    assert done.status == 1
    assert done.commands() == [("h1.test", "acquire")]
    assert deployed.world == world


@pytest.mark.parametrize("host", ["h1.test", "h2.test", "h3.test"])
def test_a_host_cannot_be_reached(deployed: Any, run: Run, host: str) -> None:
    done = run(faults=f"{host}:connect")

    assert (done.status, is_as_before(deployed)) == (1, True)
    assert done.commands() == []
    said = f"Nothing is deployed, since this failed: {host}, before the deploy began"
    assert {f"[{each}] {said}" in done.text for each in V1 if each != host} == {True}


OWN = """
from pyinfra.operations import server

from kamalpy import deploys

server.shell(name="Before", commands=["before"])
deploys.deploy()
server.shell(name="After", commands=["after"])
"""


def test_an_operation_before_the_deploy_fails_on_one_host(deployed: Any) -> None:
    (deployed.folder / "deploy.py").write_text(OWN)

    done = deployed.pyinfra("deploy.py", "-y", faults="h2.test:before")

    assert (done.status, is_as_before(deployed)) == (1, True)
    assert {name for _, name in done.commands()} == {"before"}
    said = "Nothing is deployed, since this failed: h2.test, before the deploy began"
    assert all(f"[{each}] {said}" in done.text for each in ("h1.test", "h3.test"))


def test_an_operation_after_the_deploy_fails_on_one_host(deployed: Any) -> None:
    (deployed.folder / "deploy.py").write_text(OWN)

    done = deployed.pyinfra("deploy.py", "-y", faults="h2.test:after")

    assert (done.status, deployed.running(), deployed.served()) == (1, V2, SERVED_V2)


@pytest.mark.parametrize("host", ["h1.test", "h2.test", "h3.test"])
def test_a_host_cannot_say_how_it_is(deployed: Any, run: Run, host: str) -> None:
    done = run(faults=f"{host}:state")

    assert (done.status, is_as_before(deployed)) == (1, True)
    assert not {name for _, name in done.commands()} & {"boot", "switch", "commit"}


@pytest.mark.parametrize("host", ["h1.test", "h2.test", "h3.test"])
def test_committing_fails_on_one_host(deployed: Any, run: Run, host: str) -> None:
    """The others go forward, nothing is taken back, and each host's version is told."""
    done = run(faults=f"{host}:commit")

    assert done.status == 1
    assert "revert" not in [name for _, name in done.commands()]
    assert deployed.running() == {**V2, host: sorted(V1[host] + V2[host])}
    assert "lock" not in deployed.world["h1.test"]
    for each, role in (("h1.test", "web"), ("h2.test", "web"), ("h3.test", "job")):
        said = f"v2 serves, but not on {host}, since this failed: Commit v2 on {host}"
        assert f"[{each}] {said}" in done.text
        then = "not committed, so that" if each == host else "the next deploy finds it done"
        versions = "v. and v." if each == host and role == "job" else "v2"
        assert re.search(rf"\[{each}\] {each} serves {role} {versions}; {then}", done.text)


@pytest.mark.parametrize("how", ["early", "late"])
@pytest.mark.parametrize("host", ["h1.test", "h2.test", "h3.test"])
def test_an_old_version_does_not_stop(deployed: Any, run: Run, host: str, how: str) -> None:
    """It is deployed, with a warning; the next run finishes what is left."""
    done = run(faults=f"{host}:retire:{how}")

    assert (done.status, deployed.served()) == (0, SERVED_V2)
    said = f"v2 serves, with leftovers: Retire old versions on {host} failed"
    assert f"[{host}] {said}; the next deploy finishes it" in done.text
    assert not any(has["markers"] or "lock" in has for has in deployed.world.values())

    again = run()

    assert (again.status, deployed.running()) == (0, V2)
    assert again.commands("retire") == ([(host, "retire")] if how == "early" else [])
    assert "leftovers" not in again.text


def test_going_back_fails_on_one_host(deployed: Any, run: Run) -> None:
    done = run(faults="h3.test:boot h1.test:revert")

    assert done.status == 1
    assert deployed.running() == {**V1, "h1.test": ["blog-web-v1", "blog-web-v2"]}
    assert deployed.served() == SERVED_V1
    assert "lock" not in deployed.world["h1.test"]
    assert "this failed: Boot v2 on h3.test; Revert on h1.test" in done.text
    assert "h1.test serves web v1; the next deploy cleans up what is left" in done.text


def test_the_next_deploy_works(deployed: Any, run: Run) -> None:
    assert run(faults="h2.test:switch").status == 1

    done = run()

    assert (done.status, deployed.running()) == (0, V2)


def test_the_first_deploy_fails(project: Any, run: Run) -> None:
    done = run("setup", faults="h2.test:switch")

    assert done.status == 1
    assert project.running() == {"h1.test": [], "h2.test": [], "h3.test": []}
    assert project.served() == {}


def test_a_secret_that_cannot_be_had_stops_everything(deployed: Any, run: Run) -> None:
    deployed.configure(env={"secret": ["TOKEN", "NOWHERE"]})

    done = run()

    assert (done.status, done.commands()) == (1, [])
    assert "NOWHERE" in done.text
    assert is_as_before(deployed)


class TestNotAtomic:
    """``x-kamalpy: {atomic: false}``: a host that fails is reverted alone, as Kamal leaves it."""

    @pytest.fixture(autouse=True)
    def configured(self, deployed: Any) -> None:
        deployed.configure(**{"x-kamalpy": {"atomic": False, "build": False}})

    @pytest.mark.parametrize("command", ["pull", "boot", "switch"])
    @pytest.mark.parametrize("host", ["h1.test", "h2.test"])
    def test_the_others_go_on(self, deployed: Any, run: Run, host: str, command: str) -> None:
        done = run(faults=f"{host}:{command}")

        assert done.status == 1
        assert deployed.running() == {**V2, host: V1[host]}
        other = {"h1.test": "h2.test", "h2.test": "h1.test"}[host]
        assert deployed.served() == {host: "blog-web-v1", other: "blog-web-v2"}
        assert not any(has["markers"] or "lock" in has for has in deployed.world.values())
        assert f"v2 serves, but not on {host}, since this failed: " in done.text

    def test_the_next_deploy_makes_good_for_it(self, deployed: Any, run: Run) -> None:
        run(faults="h2.test:boot")

        done = run()

        assert (done.status, deployed.running()) == (0, V2)
        assert {host for host, _ in done.commands("boot")} == {"h2.test"}

    def test_a_hook_still_stops_everything(self, deployed: Any, run: Run) -> None:
        deployed.hook("pre-deploy", "exit 1")

        done = run()

        assert (done.status, is_as_before(deployed)) == (1, True)
