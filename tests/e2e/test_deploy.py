"""A new version under load, a sick version, and what each costs."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from fleet.registry import Registry
from lab.configurations import HOST
from lab.deployed import Deployed, deploy_first
from lab.load import Load
from lab.project import Project, Result
from lab.servers import Images, Servers


@pytest.fixture(scope="module")
def app(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Deployed:
    """Version 1 on three servers."""
    return deploy_first(fleet, images, registry, new_project, readiness_delay=2, deploy_timeout=8)


def test_no_request_fails_while_a_version_takes_over(app: Deployed) -> None:
    with Load([host.address for host in app.web], HOST, rate=50, slow_every=25) as load:
        time.sleep(2)
        done = app.deploy("v2")
        switched = time.time()
        time.sleep(3)
    assert done.status == 0, done.text
    assert load.failures() == []
    assert {"v1", "v2"} == set(load.versions())
    assert set(load.versions(since=switched)) == {"v2"}
    assert any(shot.seconds > 1.9 for shot in load.shots)


def test_the_cost_of_a_deploy_is_counted_in_ssh_commands(app: Deployed) -> None:
    app.images.app("v3")
    app.servers.mark()
    dry = app.deploy("v3", "--dry")
    assert dry.status == 0, dry.text
    assert [len(host.execs()) for host in app.servers] == [1, 1, 1]
    app.servers.mark()
    done = app.deploy("v3")
    assert done.status == 0, done.text
    assert [len(host.execs()) for host in app.servers] == [7, 6, 5]
    assert [host.connections() for host in app.servers] == [1, 1, 1]
    app.servers.mark()
    again = app.deploy("v3")
    assert again.status == 0, again.text
    assert [len(host.execs()) for host in app.servers] == [1, 1, 1]


def test_a_version_that_gets_sick_on_one_host_is_deployed_to_none(app: Deployed) -> None:
    before = [app.containers(), app.versions()]
    done = app.deploy("sick", fault=f"unhealthy@{app.web[1].address}")
    assert_nowhere(app, "sick", done, before)
    assert "test-web-sick did not get healthy" in done.err
    assert "its health check got: unexpected status (503)" in done.err


def test_a_job_that_ends_within_its_readiness_delay_is_deployed_to_none(app: Deployed) -> None:
    before = [app.containers(), app.versions()]
    job = {**app.config["servers"]["job"], "cmd": 'sh -c "echo no queue; sleep 0.5; exit 1"'}
    app.configure(servers={**app.config["servers"], "job": job}, readiness_delay=20)
    done = app.deploy("ends")
    app.configure()
    assert_nowhere(app, "ends", done, before)
    assert "test-job-ends did not get healthy" in done.err
    assert "no queue" in done.err


def assert_nowhere(app: Deployed, version: str, done: Result, before: list[Any]) -> None:
    """Say that a version is on no server, none of its containers either, and that this was told."""
    assert done.status == 1, done.text
    assert [app.containers(), app.versions()] == before
    assert not any(version in name for host in app.servers for name in host.docker_ps(True))
    assert app.servers[0].status("test -e .kamal/lock-test") == 1
    assert "Nothing is deployed, since this failed" in done.err
    own = [line for line in done.text.splitlines() if "  | " not in line]  # but for the app's log
    assert "Traceback" not in str(own)


def test_a_host_that_cannot_be_reached_keeps_all_others_as_they_are(app: Deployed) -> None:
    before = [app.containers(), app.versions()]
    app.images.app("v4")
    with app.web[1].cut_off():
        done = app.deploy("v4", seconds=600)
    assert done.status == 1, done.text
    assert [app.containers(), app.versions()] == before
    assert app.servers[0].status("test -e .kamal/lock-test") == 1


def test_a_host_name_that_another_service_has_is_refused_before_anything_changes(
    app: Deployed,
) -> None:
    before, second = app.containers(), app.web[1]
    proxy = "docker exec kamal-proxy kamal-proxy"
    health = "--health-check-path=/version --health-check-port=8080"
    taken = before[1][0]
    target = second.sh(f"docker inspect --format '{{{{.Id}}}}' {taken}")[:12]
    second.sh(f"{proxy} deploy shop-web --host=shop.example.com --target={target}:8080 {health}")
    app.configure(proxy={**app.config["proxy"], "host": "shop.example.com"})
    several = [app.deploy("v5"), app.project.run("kamalpy", "deploy", "--version=v5")]
    app.configure()
    second.sh(f"{proxy} remove shop-web")
    for done in several:
        assert done.status == 1, done.text
        what = f"requests for shop.example.com go to shop-web on {second.address} already"
        assert what in done.err
        assert "kamal-proxy remove shop-web" in done.err
        assert "Traceback" not in done.text
    assert app.containers() == before


@pytest.mark.parametrize("flag", ["--serial", "--no-wait"])
def test_what_takes_hosts_out_of_step_is_refused(app: Deployed, flag: str) -> None:
    done = app.deploy("v5", "-y", flag)
    assert done.status == 1, done.text
    assert f"{flag} takes hosts out of step" in done.err
    assert "v5" not in str(app.containers())


def test_one_host_at_a_time_is_as_good_as_all_at_once(app: Deployed) -> None:
    done = app.deploy("v6", "-y", "--parallel", "1")
    assert done.status == 0, done.text
    assert app.containers() == [["test-web-v6"], ["test-web-v6"], ["test-job-v6"]]


def test_a_changed_variable_replaces_only_the_roles_it_touches(app: Deployed) -> None:
    job = {**app.config["servers"]["job"], "env": {"clear": {"QUEUE": "mails"}}}
    app.configure(servers={**app.config["servers"], "job": job})
    before = [host.inspect("test-web-v6")["Id"] for host in app.web]
    done = app.deploy("v6")
    assert done.status == 0, done.text
    assert "QUEUE=mails" in app.job.inspect("test-job-v6")["Config"]["Env"]
    assert [host.inspect("test-web-v6")["Id"] for host in app.web] == before
    assert app.containers() == [["test-web-v6"], ["test-web-v6"], ["test-job-v6"]]
    app.configure()


def test_old_versions_stay_for_a_rollback_and_not_for_ever(app: Deployed) -> None:
    app.configure(retain_containers=2)
    for version in ("v7", "v8", "v9"):
        assert app.deploy(version).status == 0
    stopped = [name for name in app.web[0].docker_ps(True) if name.startswith("test-web")]
    assert stopped == ["test-web-v7", "test-web-v8", "test-web-v9"]
    names = "{{.Tag}}"
    tags = app.web[0].sh(f"docker image ls --format '{names}' '*/acme/test'").split()
    assert sorted(tags) == ["latest", "v7", "v8", "v9"]
    app.configure()
