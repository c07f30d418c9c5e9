"""From empty servers to an app that serves, and nothing to do the second time."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from fleet.registry import Registry
from lab import configurations
from lab.configurations import HOST
from lab.host import Host
from lab.operations import changed, predicted
from lab.project import Project, Result
from lab.servers import Images, Servers


@pytest.fixture(scope="module")
def project(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Project:
    """The grown-up form of a first project, with two versions in the registry."""
    project = new_project()
    project.introduce("Ada", "ada@example.com")
    project.configure(configurations.grown(fleet.addresses, registry))
    project.secrets(configurations.secrets(registry))
    for version in ("v1", "v2"):
        images.app(version)
    return project


@pytest.fixture(scope="module")
def dry(project: Project) -> Result:
    """What a dry run said before anything was there."""
    return project.deploy("v1", "--dry", "--json")


@pytest.fixture(scope="module")
def setup(project: Project, dry: Result) -> Result:
    """The first setup."""
    return project.deploy("v1", "-y", "--json")


def test_setup_brings_everything_up(fleet: Servers, setup: Result) -> None:
    assert setup.status == 0, setup.text
    assert [host.docker_ps() for host in fleet] == [
        ["kamal-proxy", "test-web-v1"],
        ["kamal-proxy", "test-web-v1"],
        ["test-job-v1", "test-postgres"],
    ]
    assert [host.get("/version", HOST).text for host in (fleet[0], fleet[1])] == ["v1\n"] * 2


def test_a_dry_run_predicts_exactly_what_then_happens(dry: Result, setup: Result) -> None:
    assert predicted(dry) == changed(setup)
    assert predicted(dry)


def test_containers_are_what_kamal_would_have_made_of_them(
    fleet: Servers, registry: Registry, setup: Result
) -> None:
    web = fleet[0].inspect("test-web-v1")
    env = dict(entry.split("=", 1) for entry in web["Config"]["Env"])
    assert web["Config"]["Image"] == f"{registry.server}/acme/test:v1"
    assert {name: web["Config"]["Labels"][name] for name in ("service", "role", "destination")} == {
        "service": "test",
        "role": "web",
        "destination": "",
    }
    assert env["KAMAL_CONTAINER_NAME"] == "test-web-v1"
    assert (env["KAMAL_VERSION"], env["KAMAL_HOST"]) == ("v1", fleet[0].address)
    assert (env["PHX_HOST"], env["XAI_API_KEY"]) == ("0.0.0.0", "xai-4711")
    assert list(web["NetworkSettings"]["Networks"]) == ["kamal"]
    assert web["HostConfig"]["RestartPolicy"]["Name"] == "unless-stopped"
    assert web["HostConfig"]["LogConfig"]["Config"] == {"max-size": "10m"}
    assert web["Config"]["Hostname"].startswith(f"{fleet[0].address}-")
    job = fleet[2].inspect("test-job-v1")
    assert job["Config"]["Cmd"] == ["python", "-m", "app", "worker"]
    assert "QUEUE=default" in job["Config"]["Env"]


def test_the_proxy_is_kamals(fleet: Servers, setup: Result) -> None:
    proxy = fleet[0].inspect("kamal-proxy")
    assert proxy["Config"]["Image"] == "basecamp/kamal-proxy:v0.9.2"
    assert set(proxy["HostConfig"]["Binds"]) == {
        "kamal-proxy-config:/home/kamal-proxy/.config/kamal-proxy",
        "/root/.kamal/proxy/apps-config:/home/kamal-proxy/.apps-config",
    }
    assert sorted(proxy["HostConfig"]["PortBindings"]) == ["443/tcp", "80/tcp"]
    assert fleet[0].get("/version", "elsewhere.example.com").status == 404


def test_secrets_are_in_files_that_only_their_owner_reads(fleet: Servers, setup: Result) -> None:
    env = ".kamal/apps/test/env"
    assert fleet[0].sh(f"stat -c '%a %U' {env}/roles/web.env") == "600 root\n"
    assert fleet[2].sh(f"stat -c '%a %U' {env}/accessories/postgres.env") == "600 root\n"


def test_the_audit_log_and_the_lock_are_kamals(fleet: Servers, setup: Result) -> None:
    lines = fleet[0].sh("sed 's/^[^ ]* //' .kamal/test-audit.log").splitlines()
    assert "[ada@example.com] [web] Booted app version v1" in lines
    assert fleet[0].status("test -e .kamal/lock-test") == 1


def state(host: Host) -> str:
    """Write down everything on a server that a run could touch, but for Postgres' own data."""
    return host.state("/root/.kamal", "/root/.docker")


@pytest.mark.parametrize("what", ["setup", "deploy"])
def test_a_second_run_changes_nothing(
    fleet: Servers, project: Project, setup: Result, what: str
) -> None:
    project.write(f"{what}.py", f"from kamalpy import deploys\n\ndeploys.{what}()\n")
    before = [state(host) for host in fleet]
    again = project.pyinfra("inventory.py", f"{what}.py", "-y", "--json", env={"VERSION": "v1"})
    assert again.status == 0, again.text
    assert changed(again) == set()
    assert [state(host) for host in fleet] == before


def test_only_what_is_in_the_limit_is_touched(
    fleet: Servers, project: Project, setup: Result
) -> None:
    limited = project.deploy("v2", "-y", "--limit", "web")
    assert limited.status == 0, limited.text
    assert [host.docker_ps() for host in fleet] == [
        ["kamal-proxy", "test-web-v2"],
        ["kamal-proxy", "test-web-v2"],
        ["test-job-v1", "test-postgres"],
    ]
    rest = project.deploy("v2", "-y", "--limit", "job")
    assert rest.status == 0, rest.text
    assert fleet[2].docker_ps() == ["test-job-v2", "test-postgres"]


def test_a_deploy_needs_no_deploy_file(project: Project, setup: Result) -> None:
    done = project.pyinfra("@kamal", "kamalpy.deploys:deploy", "-y", env={"VERSION": "v2"})
    assert done.status == 0, done.text


def test_an_unknown_inventory_is_reported_in_a_sentence(project: Project) -> None:
    done = project.pyinfra("@kamal/config/nope.yml", "kamalpy.deploys:deploy", "--dry")
    assert done.status == 1
    assert "config/nope.yml" in done.err
    assert "Traceback" not in done.text


def test_the_app_reads_and_writes_its_postgres(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> None:
    """On one server, as a first-time user has it; data outlives the database's container."""
    fleet.renew(1)
    project = new_project()
    project.configure(configurations.first(fleet[0].address, registry))
    project.secrets(configurations.secrets(registry))
    images.app("v1")
    done = project.deploy("v1")
    assert done.status == 0, done.text
    host = fleet[0]
    post = f"curl -sS -H 'Host: {HOST}' -d 'kept' http://localhost/notes"
    host.sh(f"for i in 1 2 3 4 5 6 7 8 9; do {post} | grep -q thank && break; sleep 1; done")
    assert json.loads(host.get("/notes", HOST).text) == ["kept"]
    assert host.sh("ss -Hltn 'sport = 5432' | awk '{print $4}'").split() == ["127.0.0.1:5432"]
    host.sh("docker rm --force test-postgres")
    again = project.deploy("v1")
    assert again.status == 0, again.text
    host.sh(
        f"for i in 1 2 3 4 5 6 7 8 9; do curl -sS -H 'Host: {HOST}' localhost/notes |"
        " grep -q kept && break; sleep 1; done"
    )
    assert json.loads(host.get("/notes", HOST).text) == ["kept"]
