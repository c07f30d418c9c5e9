"""Going back to a version: what it was comes back with it, or nothing changes at all."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from fleet.registry import Registry
from fleet.shell import wait_for
from lab.deployed import Deployed, deploy_first
from lab.host import Host
from lab.project import Project
from lab.servers import Images, Servers


@pytest.fixture(scope="module")
def app(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Deployed:
    """Version 1, blue and small, and after it version 2, green and large, with another secret."""
    app = deploy_first(
        fleet,
        images,
        registry,
        new_project,
        env={"clear": {"COLOR": "blue", "ONLY_THEN": "1"}, "secret": ["XAI_API_KEY"]},
        readiness_delay=1,
        boot={},
    )
    app.config["env"] = {"clear": {"COLOR": "green"}, "secret": ["XAI_API_KEY", "DATABASE_URL"]}
    app.config["servers"]["web"] = {"hosts": app.servers.addresses[:2], "options": {"memory": "1g"}}
    app.configure()
    app.project.environment["XAI_API_KEY"] = "rotated\\since"
    assert app.deploy("v2").status == 0
    return app


def env(host: Host, container: str) -> dict[str, str]:
    """Tell the variables that a container has."""
    lines = host.inspect(container)["Config"]["Env"]
    return dict(line.split("=", 1) for line in lines)


def test_the_versions_are_listed(app: Deployed) -> None:
    done = app.project.kamalpy("releases")

    assert done.status == 0, done.text
    head, newest, oldest = done.out.splitlines()
    assert head.split() == ["VERSION", "SINCE", "BY", "IMAGE", "HOSTS", "ROLLBACK"]
    assert newest.split()[0] == "v2"
    assert newest.endswith("serves")
    assert oldest.split()[0] == "v1"
    assert oldest.endswith("possible")
    assert "ada@example.com" in newest
    assert all(address in newest for address in app.servers.addresses)

    plain = app.project.kamalpy("releases", "--json")
    events = [json.loads(line) for line in plain.out.splitlines()]
    found = [each for each in events if each["event"] == "release"]
    assert [(each["release"], each["serves"]) for each in found] == [("v2", True), ("v1", False)]
    assert found[1]["digest"].partition("@")[0] == f"{app.images.registry.server}/acme/test"


def test_a_shell_completes_the_versions_that_servers_know(app: Deployed) -> None:
    line = {"COMP_WORDS": "kamalpy rollback v", "COMP_CWORD": "2"}
    asks = {"_KAMALPY_COMPLETE": "bash_complete", "KAMALPY_COMPLETE_VERSIONS": "servers"}

    def completes() -> bool:
        done = app.project.kamalpy(env={**line, **asks})
        assert done.out in ("plain,v2\nplain,v1\n", "\n"), done.text
        return done.out != "\n"  # nothing, where servers take longer than a person waits for a Tab

    wait_for("the versions", completes)


def test_a_dry_run_predicts_a_rollback_and_changes_nothing(app: Deployed) -> None:
    before = [host.state() for host in app.servers]

    done = app.project.kamalpy("rollback", "--dry", "--diff")
    by_pyinfra = app.project.pyinfra("inventory.py", "kamalpy.deploys:rollback", "--dry", "--diff")

    for each in (done, by_pyinfra):
        assert each.status == 0, each.text
        assert "~ test-web: container: test-web-v2 -> test-web-v1" in each.text
        assert "~ test-web: env/COLOR: green -> blue" in each.text
        assert "+ test-web: env/ONLY_THEN: (none) -> 1" in each.text
        assert "test-web: env/XAI_API_KEY: changes (secret)" in each.text
        assert "rotated" not in each.text
        assert "xai-4711" not in each.text
    assert "rollback would change" in done.err
    assert [host.state() for host in app.servers] == before


@pytest.mark.parametrize("version", ["v9", "v0"])
def test_a_version_that_nobody_has_is_refused_before_anything_changes(
    app: Deployed, version: str
) -> None:
    if version == "v0":  # one of three servers has something of it
        image = "$(docker inspect --format '{{.Image}}' test-web-v2)"
        labels = "--label service=test --label role=web --label destination="
        app.web[0].sh(f"docker create --name test-web-v0 {labels} {image}")
    before = [host.state() for host in app.servers]

    done = app.project.kamalpy("rollback", version)

    assert done.status == 1, done.text
    assert version in done.err
    assert [host.state() for host in app.servers] == before
    app.web[0].sh("docker rm --force test-web-v0 2>/dev/null")


def test_it_comes_back_as_it_was(app: Deployed) -> None:
    first = app.web[0]
    first.sh("docker rm test-web-v1 && docker rmi $(docker image ls -q '*/acme/test:v1')")
    assert "v1" not in first.sh("docker image ls --format '{{.Tag}}' '*/acme/test'")

    done = app.project.kamalpy("rollback")

    assert done.status == 0, done.text
    assert app.versions() == ["v1", "v1"]
    assert app.containers() == [["test-web-v1"], ["test-web-v1"], ["test-job-v1"]]
    for host in app.web:
        variables = env(host, "test-web-v1")
        assert (variables["COLOR"], variables["ONLY_THEN"]) == ("blue", "1")
        assert variables["XAI_API_KEY"] == "xai-4711"
        assert "DATABASE_URL" not in variables
        assert host.inspect("test-web-v1")["HostConfig"]["Memory"] == 0
        assert "xai-4711" in host.sh("cat .kamal/apps/test/env/roles/web.env")
        assert host.sh("stat -c %a .kamal/apps/test/releases/*/*/env | sort -u").split() == ["600"]
        assert host.status("grep -rq 'xai-4711' .kamal/apps/test/releases/web/v1/release.json") == 1
        latest, v1 = (
            host.image(f"{app.images.registry.server}/acme/test:{tag}")["Id"]
            for tag in ("latest", "v1")
        )
        assert latest == v1
    assert app.servers[0].status("test -e .kamal/lock-test") == 1
    assert "Booted app version v1" in app.job.sh("tail -n 2 .kamal/test-audit.log")


def test_a_second_time_it_does_nothing(app: Deployed) -> None:
    before = [host.state() for host in app.servers]

    done = app.project.kamalpy("rollback", "v1")

    assert done.status == 0, done.text
    assert "nothing to do" in done.err
    assert [host.state() for host in app.servers] == before


def test_and_forward_again(app: Deployed) -> None:
    done = app.project.kamalpy("rollback")

    assert done.status == 0, done.text
    assert app.versions() == ["v2", "v2"]
    variables = env(app.web[1], "test-web-v2")
    assert (variables["COLOR"], variables["XAI_API_KEY"]) == ("green", "rotated\\since")
    assert app.web[1].inspect("test-web-v2")["HostConfig"]["Memory"] == 2**30
    again = app.deploy("v2", "--dry")
    assert "would change" not in again.text
