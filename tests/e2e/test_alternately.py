"""Kamal and kamalpy take turns on the same servers: each goes on where the other has stopped."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from fleet.registry import Registry
from lab import configurations
from lab.configurations import HOST
from lab.project import Project, Result
from lab.servers import Images, Servers


@dataclass(frozen=True)
class Turns:
    """A project on one server, worked on with both tools."""

    servers: Servers
    project: Project

    def kamal(self, words: str, version: str = "v1", status: int = 0) -> str:
        """Type words at Kamal."""
        done = self.project.kamal(*words.split(), env={"VERSION": version})
        assert done.status == status, done.text
        return done.out

    def kamalpy(self, words: str, version: str = "v1", status: int = 0) -> Result:
        """Type words at kamalpy."""
        return self.project.typed(*words.split(), env={"VERSION": version}, status=status)

    def serving(self) -> str:
        """Ask which version serves."""
        return self.servers[0].get("/version", HOST).text.strip()

    def containers(self) -> list[str]:
        """List what runs."""
        return self.servers[0].docker_ps()


@pytest.fixture(scope="module")
def turns(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Turns:
    """What Kamal has set up, by the name of Ada."""
    for version in ("v1", "v2", "v3"):
        images.app(version)
    fleet.renew(1)
    project = new_project()
    project.introduce("Ada", "ada@example.com")
    first = configurations.first(fleet.addresses[0], registry)
    project.configure({**first, "readiness_delay": 1, "drain_timeout": 2})
    project.secrets(configurations.secrets(registry))
    turns = Turns(fleet, project)
    turns.kamal("setup -P")
    return turns


def test_kamalpy_has_nothing_to_do_where_kamal_was(turns: Turns) -> None:
    before = turns.servers[0].state()
    for words in ("setup -P", "deploy -P", "accessory boot postgres", "proxy boot"):
        assert "nothing to do" in turns.kamalpy(words).err
    assert turns.servers[0].state() == before


def test_kamal_sees_what_kamalpy_deploys(turns: Turns) -> None:
    turns.kamalpy("deploy -P", "v2")
    assert turns.serving() == "v2"
    assert "test-web-v2" in turns.kamal("details", "v2")
    assert turns.kamal("app version", "v2").split()[-1] == "v2"


def test_kamalpy_rolls_back_what_kamal_has_deployed(turns: Turns) -> None:
    turns.kamalpy("rollback v1")
    assert turns.serving() == "v1"
    assert turns.containers() == ["kamal-proxy", "test-postgres", "test-web-v1"]


def test_kamal_rolls_back_what_kamalpy_has_deployed(turns: Turns) -> None:
    turns.kamal("rollback v2", "v2")
    assert turns.serving() == "v2"
    assert turns.containers() == ["kamal-proxy", "test-postgres", "test-web-v2"]


def test_kamalpy_goes_back_to_the_previous_one_whoever_deployed(turns: Turns) -> None:
    turns.kamal("deploy -P", "v3")
    assert turns.serving() == "v3"
    turns.kamalpy("rollback", "v3")
    assert turns.serving() == "v2"


def test_kamalpy_stops_while_kamal_has_the_lock(turns: Turns) -> None:
    turns.kamal("lock acquire -m hands-off")
    refused = turns.kamalpy("redeploy -P --lock-wait", "v3", status=3)
    for said in ("Ada", "hands-off", "kamalpy lock release"):
        assert said in refused.text
    status = turns.kamalpy("lock status").out
    assert "Ada" in status
    assert "hands-off" in status
    turns.kamal("lock release")


def test_kamalpy_waits_while_kamal_deploys(turns: Turns) -> None:
    deploying = turns.project.start("kamal", "redeploy", "-P", env={"VERSION": "v1"})
    turns.servers[0].wait_for("test -e /root/.kamal/lock-test")
    turns.kamalpy("redeploy -P --lock-wait --lock-wait-interval 1", "v3")
    done = deploying.wait()
    assert done.status == 0, done.text
    assert turns.serving() == "v3"


def test_kamal_stops_while_kamalpy_has_the_lock(turns: Turns) -> None:
    turns.project.introduce("Bob", "bob@example.com")
    turns.kamalpy("lock acquire -m mine-now")
    turns.project.introduce("Ada", "ada@example.com")
    refused = turns.kamal("deploy -P", "v3", status=1)
    assert "Locked by: Bob" in refused
    assert "Message: mine-now" in refused
    assert "Locked by: Bob" in turns.kamal("lock status")
    turns.kamal("lock release")
    assert "no deploy lock" in turns.kamalpy("lock status").out


def test_each_reads_the_others_audit_log(turns: Turns) -> None:
    kamal = [line for line in turns.kamal("audit").splitlines() if line.startswith("[")]
    kamalpy = [line for line in turns.kamalpy("audit").out.splitlines() if line.startswith("[")]
    assert kamal == kamalpy
    assert [line for line in kamal if not re.fullmatch(AUDIT, line)] == []


AUDIT = r"\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\] \[(ada|bob)@example\.com\] (\[web\] )?[A-Z].*"


def test_what_one_stops_the_other_starts(turns: Turns) -> None:
    turns.kamal("accessory stop postgres")
    turns.kamalpy("accessory start postgres")
    turns.kamalpy("app stop", "v3")
    turns.kamal("app start", "v3")
    assert turns.serving() == "v3"
    turns.kamal("app maintenance", "v3")
    assert turns.servers[0].get("/version", HOST).status == 503
    turns.kamalpy("app live", "v3")
    assert turns.serving() == "v3"


def test_kamal_removes_all_that_kamalpy_has_left(turns: Turns) -> None:
    turns.kamal("remove -y", "v3")
    assert turns.servers[0].docker_ps(everything=True) == []
    assert turns.servers[0].status("ls -d .kamal/apps/* .kamal/proxy/*") != 0
