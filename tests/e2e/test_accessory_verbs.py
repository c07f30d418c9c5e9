"""`kamalpy accessory`: what each of its verbs does to servers, and does not do again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fleet.registry import Registry
from lab import configurations
from lab.project import Project
from lab.servers import Images, Servers

SEARCH = "search.example.com"
VOLUME = "/var/lib/postgresql/data"


@pytest.fixture(scope="module")
def project(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Project:
    """A database on the second server, and a search behind the proxy of the first."""
    project = new_project()
    project.introduce("Ada", "ada@example.com")
    first = configurations.first(fleet[0].address, registry)
    database = {**first["accessories"]["postgres"], "host": fleet[1].address}
    search = {
        "image": images.app("v1"),
        "host": fleet[0].address,
        "env": {"clear": {"XAI_API_KEY": "", "DATABASE_URL": ""}},
        "files": ["config/words.txt:/etc/words.txt"],
        "proxy": {"host": SEARCH, "app_port": 8080},
    }
    project.write("config/words.txt", "red\n")
    project.configure({**first, "accessories": {"db": database, "search": search}})
    project.secrets(configurations.secrets(registry))
    return project


def audit(fleet: Servers, host: int) -> list[str]:
    """List what the audit log of a server says, without times, and forget it."""
    lines = fleet[host].sh("cut -d ' ' -f 2- .kamal/test-audit.log").splitlines()
    fleet[host].sh("rm .kamal/test-audit.log")
    return lines


def test_boot_runs_all_and_then_changes_nothing(fleet: Servers, project: Project) -> None:
    dry = project.typed("accessory", "boot", "all", "--dry")
    assert fleet[1].docker_ps(everything=True) == []
    assert "Run db" in dry.text
    project.typed("accessory", "boot", "all")
    assert [host.docker_ps() for host in fleet] == [["kamal-proxy", "test-search"], ["test-db"], []]
    assert fleet[0].get("/version", SEARCH).text == "v1\n"
    assert fleet[0].sh("cat test-search/etc/words.txt") == "red\n"
    assert audit(fleet, 1) == ["[ada@example.com] Booted db accessory"]
    before = [host.state("/root/.kamal", "/root/test-search") for host in fleet]
    project.typed("accessory", "boot", "all")
    assert [host.state("/root/.kamal", "/root/test-search") for host in fleet] == before


def test_boot_brings_a_change_about(fleet: Servers, project: Project) -> None:
    was = fleet[0].inspect("test-search")["Id"]
    project.write("config/words.txt", "blue\n")
    project.typed("accessory", "upload", "search")
    assert fleet[0].sh("cat test-search/etc/words.txt") == "blue\n"
    assert fleet[0].inspect("test-search")["Id"] == was
    project.write("config/words.txt", "green\n")
    project.typed("accessory", "boot", "search")
    assert fleet[0].inspect("test-search")["Id"] != was
    assert fleet[0].sh("docker exec test-search cat /etc/words.txt") == "green\n"
    assert fleet[0].get("/version", SEARCH).text == "v1\n"


def test_stop_start_restart(fleet: Servers, project: Project) -> None:
    audit(fleet, 0)
    project.typed("accessory", "stop", "all")
    assert [host.docker_ps() for host in fleet] == [["kamal-proxy"], [], []]
    assert fleet[0].get("/version", SEARCH).status == 404
    stopped = fleet[0].state()
    project.typed("accessory", "stop", "search")
    assert fleet[0].state() == stopped

    project.typed("accessory", "start", "all")
    assert fleet[1].docker_ps() == ["test-db"]
    assert fleet[0].get("/version", SEARCH).text == "v1\n"
    started = fleet[0].state()
    project.typed("accessory", "start", "search")
    assert fleet[0].state() == started

    began = fleet[0].inspect("test-search")["State"]["StartedAt"]
    project.typed("accessory", "restart", "search")
    assert fleet[0].inspect("test-search")["State"]["StartedAt"] != began
    assert fleet[0].get("/version", SEARCH).text == "v1\n"
    assert audit(fleet, 0) == [
        f"[ada@example.com] {done} search accessory" for done in ("Stopped", "Started", "Restarted")
    ]


def test_reboot_keeps_the_data(fleet: Servers, project: Project) -> None:
    was = fleet[1].inspect("test-db")["Id"]
    fleet[1].sh("touch test-db/data/kept")
    project.typed("accessory", "reboot", "db")
    assert fleet[1].inspect("test-db")["Id"] != was
    assert fleet[1].status(f"docker exec test-db test -e {VOLUME}/kept") == 0
    assert audit(fleet, 1)[-2:] == [
        "[ada@example.com] Pull db accessory image",
        "[ada@example.com] Booted db accessory",
    ]


def test_obstacles_are_reported_before_anything_changes(fleet: Servers, project: Project) -> None:
    before = fleet[1].state()
    for words, told in (
        (("accessory", "boot", "nope"), "nope: no accessory of config/deploy.yml; it has db, sear"),
        (("accessory", "stop", "db", "-h", fleet[0].address), "db: is on"),
        (("accessory", "remove-container", "db"), "test-db is running; stop it before"),
        (("accessory", "remove_service_directory", "db", "-y"), "stop it before its data go"),
        (("accessory", "remove", "db"), "-y skips the question"),
    ):
        assert told in project.typed(*words, status=1).err
    assert fleet[1].state() == before
    assert fleet[1].status("test -e .kamal/lock-test") == 1


def test_the_hidden_verbs(fleet: Servers, project: Project) -> None:
    project.typed("accessory", "stop", "db")
    project.typed("accessory", "remove_container", "db")
    assert fleet[1].docker_ps(everything=True) == []
    project.typed("accessory", "remove_image", "db")
    assert fleet[1].status("docker image inspect postgres:15") == 1
    project.typed("accessory", "pull_image", "db")
    assert fleet[1].status("docker image inspect postgres:15") == 0
    project.typed("accessory", "remove_service_directory", "db", "-y")
    assert fleet[1].status("test -e test-db") == 1
    project.typed("accessory", "directories", "db")
    assert fleet[1].status("test -d test-db/data") == 0


def test_remove_keeps_data_by_default(fleet: Servers, project: Project) -> None:
    """The same by pyinfra's own command line."""
    project.typed("accessory", "boot", "db")
    said = project.run("sh", "-c", "echo test | kamalpy accessory remove db")
    assert said.status == 0, said.text
    assert "stay" in said.err
    assert fleet[1].docker_ps(everything=True) == []
    assert fleet[1].status("docker image inspect postgres:15") == 1
    assert fleet[1].status("test -e test-db/data/PG_VERSION") == 0
    verb = "kamalpy.deploys:accessory_remove"
    dry = project.pyinfra("@kamal", verb, "accessory=all", "data=true", "--dry")
    assert dry.status == 0, dry.text
    assert fleet[1].status("test -e test-db") == 0
    done = project.pyinfra("@kamal", verb, "accessory=all", "data=true", "-y")
    assert done.status == 0, done.text
    assert fleet[1].status("test -e test-db") == 1
    assert fleet[0].docker_ps(everything=True) == ["kamal-proxy"]
    assert fleet[0].get("/version", SEARCH).status == 404
    left = fleet[0].state()
    project.typed("accessory", "remove", "all", "-y")
    assert fleet[0].state() == left
