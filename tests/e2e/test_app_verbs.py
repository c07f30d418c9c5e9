"""The verbs of the app: what each does to servers, once and once more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fleet.registry import Registry
from lab.configurations import HOST
from lab.deployed import Deployed, deploy_first
from lab.project import Project
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


def twice(app: Deployed, *words: str) -> None:
    """Run a command that changes something the first time, and nothing the second."""
    first = app.project.typed(*words)
    assert "has changed" in first.err, first.text
    after = [host.state() for host in app.servers]
    second = app.project.typed(*words)
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
    dry = app.project.typed("app", "maintenance", "--dry")
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
    app.project.typed("app", "boot")
    assert app.versions() == ["v2", "v2"]
    assert app.containers() == [["test-web-v2"], ["test-web-v2"], ["test-job-v2"]]
    assert not {host.inspect("test-web-v2")["Id"] for host in app.web} & set(before)


def test_stale_containers(app: Deployed) -> None:
    first = app.web[0]
    first.sh("docker start test-web-v1")
    told = app.project.typed("app", "stale_containers")
    assert told.out.splitlines() == [
        f"App Host: {first.address}",
        "Detected stale container for role web with version v1 "
        "(use `kamalpy app stale_containers --stop` to stop)",
        "",
    ]
    twice(app, "app", "stale-containers", "-s")
    assert app.containers()[0] == ["test-web-v2"]


def test_remove_parts(app: Deployed) -> None:
    refused = app.project.kamalpy("app", "remove_container", "v2")
    assert refused.status == 1, refused.text
    assert "-v2 is running; stop it, or remove another one" in refused.err
    twice(app, "app", "remove_container", "v1")
    assert not any("v1" in name for host in app.servers for name in host.docker_ps(True))
    assert app.versions() == ["v2", "v2"]


def test_remove(app: Deployed) -> None:
    dry = app.project.typed("app", "remove", "--dry")
    assert "acme/test:v2" in dry.err
    assert app.versions() == ["v2", "v2"]

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
