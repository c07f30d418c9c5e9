"""The verbs of the app, the lock and pruning: what each does to servers, once and once more."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from fleet.registry import Registry
from lab.configurations import HOST
from lab.deployed import Deployed, deploy_first
from lab.project import Project, Result
from lab.servers import Images, Servers


@pytest.fixture(scope="module")
def app(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Deployed:
    """Version 1, and then version 2, on two web servers and one for jobs."""
    app = deploy_first(
        fleet, images, registry, new_project, readiness_delay=1, boot={}, drain_timeout=3
    )
    assert app.deploy("v2").status == 0
    return app


def kamalpy(app: Deployed, *words: str) -> Result:
    """Run a command that has to succeed."""
    done = app.project.kamalpy(*words)
    assert done.status == 0, done.text
    return done


def twice(app: Deployed, *words: str) -> None:
    """Run a command that changes something the first time, and nothing the second."""
    first = kamalpy(app, *words)
    assert "has changed" in first.err, first.text
    after = [host.state() for host in app.servers]
    second = kamalpy(app, *words)
    assert "nothing to do" in second.err, second.text
    assert [host.state() for host in app.servers] == after


def answers(app: Deployed) -> list[int]:
    """Ask each web server for the app's first page."""
    return [host.get("/", HOST).status for host in app.web]


def last(app: Deployed) -> str:
    """Read the last line of the first server's audit log, without its time."""
    return app.web[0].sh("tail -n 1 .kamal/test-audit.log").partition("] ")[2].strip()


def test_maintenance_and_live(app: Deployed) -> None:
    before = [host.state() for host in app.servers]
    dry = kamalpy(app, "app", "maintenance", "--dry")
    assert "app maintenance would change" in dry.err
    assert [host.state() for host in app.servers] == before

    twice(app, "app", "maintenance", "--message", "Back at noon; $(really)", "--drain-timeout", "1")
    assert answers(app) == [503, 503]
    assert "Back at noon; $(really)" in app.web[0].get("/", HOST).text

    twice(app, "app", "live")
    assert answers(app) == [200, 200]


def test_stop_and_start(app: Deployed) -> None:
    by_pyinfra = app.project.pyinfra(
        "@kamal/config/deploy.yml", "kamalpy.deploys:app_stop", "--dry", env={"VERSION": "v2"}
    )
    assert by_pyinfra.status == 0, by_pyinfra.text
    assert answers(app) == [200, 200]

    twice(app, "app", "stop")
    assert app.containers() == [[], [], []]
    assert answers(app) == [404, 404]
    assert last(app) == "[ada@example.com] [web] Stopped app"

    twice(app, "app", "start")
    assert app.containers() == [["test-web-v2"], ["test-web-v2"], ["test-job-v2"]]
    assert app.versions() == ["v2", "v2"]
    assert last(app) == "[ada@example.com] Started app version v2"


def test_stop_one_role(app: Deployed) -> None:
    twice(app, "app", "stop", "-r", "job")
    assert app.containers() == [["test-web-v2"], ["test-web-v2"], []]
    by_pyinfra = app.project.pyinfra(
        "@kamal/config/deploy.yml", "kamalpy.deploys:app_start", "-y", env={"VERSION": "v2"}
    )
    assert by_pyinfra.status == 0, by_pyinfra.text
    assert app.containers() == [["test-web-v2"], ["test-web-v2"], ["test-job-v2"]]


def test_boot_gives_the_version_that_serves_a_new_container(app: Deployed) -> None:
    before = [host.inspect("test-web-v2")["Id"] for host in app.web]
    kamalpy(app, "app", "boot")
    assert app.versions() == ["v2", "v2"]
    assert app.containers() == [["test-web-v2"], ["test-web-v2"], ["test-job-v2"]]
    assert not {host.inspect("test-web-v2")["Id"] for host in app.web} & set(before)


def test_stale_containers(app: Deployed) -> None:
    first = app.web[0]
    first.sh("docker start test-web-v1")
    told = kamalpy(app, "app", "stale_containers")
    assert told.out.splitlines() == [
        f"App Host: {first.address}",
        "Detected stale container for role web with version v1 "
        "(use `kamalpy app stale_containers --stop` to stop)",
        "",
    ]
    twice(app, "app", "stale-containers", "-s")
    assert app.containers()[0] == ["test-web-v2"]


def test_the_lock(app: Deployed) -> None:
    assert kamalpy(app, "lock", "status").out == "There is no deploy lock\n"

    kamalpy(app, "lock", "acquire", "-m", "audit; $(really)")
    status = kamalpy(app, "lock", "status").out.splitlines()
    assert status[0].startswith("Locked by: Ada at ")
    assert status[2] == "Message: audit; $(really)"
    assert status[3].startswith("Age: ")
    assert status[4] == "Owner: unknown: taken by hand, or by Kamal"
    assert status[5].endswith("kamalpy lock release")
    by_kamal = app.project.kamal("lock", "status", env={"VERSION": "v2"})
    assert "Message: audit; $(really)" in by_kamal.out

    for words in (
        ("lock", "acquire", "-m", "me too"),
        ("app", "stop"),
        ("deploy", "--version", "v1"),
    ):
        refused = app.project.kamalpy(*words)
        assert refused.status == 3, refused.text
        assert "Message: audit; $(really)" in refused.err
    assert app.versions() == ["v2", "v2"]
    hurry = ("--lock-wait", "--lock-wait-timeout", "9", "--lock-wait-interval", "1")
    refused = app.project.kamalpy("app", "stop", *hurry)
    assert (refused.status, "taken by hand" in refused.err) == (3, True), refused.text
    child = app.project.kamalpy("app", "start", env={"KAMAL_LOCK": "true"})
    assert child.status == 0, child.text
    assert app.servers[0].status("test -e .kamal/lock-test") == 0

    twice(app, "lock", "release")
    assert app.servers[0].status("test -e .kamal/lock-test") == 1


def test_prune(app: Deployed) -> None:
    for version in ("v3", "v4"):
        assert app.deploy(version).status == 0
    first = app.web[0]
    first.sh("docker ps --all --quiet --filter name=^test-web-v2 | xargs docker rm")
    dry = kamalpy(app, "prune", "all", "--dry")
    assert "- image" in dry.err
    assert "acme/test:v2" in dry.err
    assert "MB" in dry.err
    twice(app, "prune", "all")
    names = first.sh("docker image ls --format '{{.Tag}}' '*/acme/test'").split()
    assert sorted(names) == ["latest", "v1", "v3", "v4"]

    twice(app, "prune", "containers", "--retain", "1")
    left = [name for name in first.docker_ps(True) if name.startswith("test-web")]
    assert left == ["test-web-v3", "test-web-v4"]
    twice(app, "prune", "images")
    assert app.project.kamalpy("prune", "containers", "--retain", "0").status == 1
    assert answers(app) == [200, 200]


def test_remove_parts(app: Deployed) -> None:
    refused = app.project.kamalpy("app", "remove_container", "v4")
    assert refused.status == 1, refused.text
    assert "-v4 is running; stop it, or remove another one" in refused.err
    twice(app, "app", "remove_container", "v3")
    assert not any("v3" in name for host in app.servers for name in host.docker_ps(True))
    assert app.versions() == ["v4", "v4"]


def test_a_plan_tells_by_its_status_whether_there_is_anything_to_do(app: Deployed) -> None:
    nothing = app.project.kamalpy("plan", "--version", "v4")
    assert nothing.status == 0, nothing.text
    postgres = {**app.config["accessories"]["postgres"], "cmd": "postgres -c max_connections=50"}
    app.configure(accessories={"postgres": postgres})
    drifted = app.project.kamalpy("plan", "--version", "v4")
    assert drifted.status == 2, drifted.text
    assert f"test-postgres on {app.job.address} is not as deploy.yml says" in drifted.err
    assert "type: kamalpy accessory boot postgres" in drifted.err
    app.configure()
    changes = app.project.kamalpy("plan", "--version", "v1", "--json")
    assert changes.status == 2, changes.text
    ends = json.loads(changes.out.splitlines()[-1])
    assert (ends["event"], ends["status"], ends["predicted"] > 0) == ("ends", 2, True)
    assert app.versions() == ["v4", "v4"]


def test_remove(app: Deployed) -> None:
    dry = kamalpy(app, "app", "remove", "--dry")
    assert "acme/test:v4" in dry.err
    assert app.versions() == ["v4", "v4"]

    twice(app, "app", "remove")
    assert app.containers() == [[], [], []]
    for host in app.servers:
        assert not any(name.startswith("test-web") for name in host.docker_ps(True))
        assert host.sh("docker image ls --quiet '*/acme/test'") == ""
        assert host.status("test -e .kamal/apps/test -o -e .kamal/proxy/apps-config/test") == 1
        assert host.status("test -e .kamal/test-audit.log") == 0
    assert "kamal-proxy" in app.web[0].docker_ps()
    assert "test-postgres" in app.job.docker_ps()
    assert answers(app) == [404, 404]
    assert last(app) == "[ada@example.com] Removed .kamal/apps/test"
