"""The lock, pruning, plans: what each does to servers, and the exit status."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from fleet.registry import Registry
from lab.deployed import Deployed, deploy_first
from lab.project import Project
from lab.servers import Images, Servers


@pytest.fixture(scope="module")
def app(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Deployed:
    """Version 1 on two web servers and one for jobs."""
    return deploy_first(fleet, images, registry, new_project, readiness_delay=1, boot={})


def test_the_lock(app: Deployed) -> None:
    assert app.project.typed("lock", "status").out == "There is no deploy lock\n"

    app.project.typed("lock", "acquire", "-m", "audit; $(really)")
    status = app.project.typed("lock", "status").out.splitlines()
    assert status[0].startswith("Locked by: Ada at ")
    assert status[2] == "Message: audit; $(really)"
    assert status[3].startswith("Age: ")
    assert status[4] == "Owner: unknown: taken by hand, or by Kamal"
    assert status[5].endswith("kamalpy lock release")
    by_kamal = app.project.kamal("lock", "status", env={"VERSION": "v1"})
    assert "Message: audit; $(really)" in by_kamal.out

    hurry = ("--lock-wait", "--lock-wait-timeout", "9", "--lock-wait-interval", "1")
    for words in (("lock", "acquire", "-m", "me too"), ("app", "stop", *hurry)):
        refused = app.project.kamalpy(*words)
        assert refused.status == 3, refused.text
        assert "Message: audit; $(really)" in refused.err
    assert "taken by hand" in refused.err
    assert app.versions() == ["v1", "v1"]
    child = app.project.kamalpy("app", "live", env={"KAMAL_LOCK": "true"})
    assert child.status == 0, child.text
    assert app.servers[0].status("test -e .kamal/lock-test") == 0

    app.project.typed("lock", "release")
    assert app.servers[0].status("test -e .kamal/lock-test") == 1
    assert "nothing to do" in app.project.typed("lock", "release").err


def test_prune(app: Deployed) -> None:
    for version in ("v2", "v3"):
        assert app.deploy(version).status == 0
    first = app.web[0]
    first.sh("docker rm test-web-v1")
    dry = app.project.typed("prune", "all", "--dry")
    assert "acme/test:v1 (" in dry.err
    assert "MB)" in dry.err
    app.project.typed("prune", "all")
    names = first.sh("docker image ls --format '{{.Tag}}' '*/acme/test'").split()
    assert sorted(names) == ["latest", "v2", "v3"]
    assert "nothing to do" in app.project.typed("prune", "all").err

    app.project.typed("prune", "containers", "--retain", "1")
    assert app.job.docker_ps(True) == ["test-job-v2", "test-job-v3", "test-postgres"]
    app.project.typed("prune", "images")
    left = app.job.sh("docker image ls --format '{{.Tag}}' '*/acme/test'").split()
    assert sorted(left) == ["latest", "v2", "v3"]
    assert app.project.kamalpy("prune", "containers", "--retain", "0").status == 1
    assert app.versions() == ["v3", "v3"]


def test_the_status_of_a_plan_shows_whether_anything_would_change(app: Deployed) -> None:
    nothing = app.project.kamalpy("plan", "--version", "v3")
    assert nothing.status == 0, nothing.text
    postgres = {**app.config["accessories"]["postgres"], "cmd": "postgres -c max_connections=50"}
    app.configure(accessories={"postgres": postgres})
    drifted = app.project.kamalpy("plan", "--version", "v3")
    assert drifted.status == 2, drifted.text
    assert f"test-postgres on {app.job.address} is not as deploy.yml says" in drifted.err
    assert "type: kamalpy accessory boot postgres" in drifted.err
    app.configure()
    changes = app.project.kamalpy("plan", "--version", "v2", "--json")
    assert changes.status == 2, changes.text
    ends = json.loads(changes.out.splitlines()[-1])
    assert (ends["event"], ends["status"], ends["predicted"] > 0) == ("ends", 2, True)
    assert app.versions() == ["v3", "v3"]
