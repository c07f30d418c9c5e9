"""Real Kamal and kamalpy on the same servers, one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from fleet.registry import Registry
from lab.configurations import HOST
from lab.deployed import Deployed, configured
from lab.load import Load
from lab.operations import changed, predicted
from lab.project import Project
from lab.servers import Images, Servers


@pytest.fixture(scope="module")
def app(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Deployed:
    """Version 1, which real Kamal has set up on three servers, and the next ones."""
    app = configured(fleet, images, registry, new_project, readiness_delay=2)
    app.project.commit()
    for version in ("v1", "v2", "v3"):
        app.images.app(version)
    kamal(app, "v1", "setup", "--skip-push")
    return app


def kamal(app: Deployed, version: str, *words: str) -> str:
    """Run real Kamal, which has to succeed."""
    done = app.project.kamal(*words, env={"VERSION": version})
    assert done.status == 0, done.text
    return done.out


@pytest.mark.parametrize("deploy", ["setup", "deploy"])
def test_kamalpy_finds_nothing_to_change_in_what_kamal_has_set_up(
    app: Deployed, deploy: str
) -> None:
    words = ("@kamal/config/deploy.yml", f"kamalpy.deploys:{deploy}", "--dry", "--diff", "--json")
    dry = app.project.pyinfra(*words, env={"VERSION": "v1"})
    assert dry.status == 0, dry.text
    assert predicted(dry) == set(), dry.text


def test_kamalpy_deploys_over_kamal_without_a_failed_request(app: Deployed) -> None:
    with Load([host.address for host in app.web], HOST) as load:
        time.sleep(1)
        done = app.deploy("v2", "-y", "--json")
        time.sleep(1)
    assert done.status == 0, done.text
    assert changed(done)
    assert load.failures() == []
    assert app.versions() == ["v2", "v2"]


def test_kamal_finds_what_kamalpy_has_deployed(app: Deployed) -> None:
    details = kamal(app, "v2", "details")
    for name in ("kamal-proxy", "test-web-v2", "test-job-v2", "test-postgres"):
        assert name in details
    version = [line for line in kamal(app, "v2", "app", "version").splitlines() if "v" in line[:1]]
    assert version == ["v2"] * 3
    assert "There is no deploy lock" in kamal(app, "v2", "lock", "status")
    assert "Booted app version v2" in kamal(app, "v2", "audit")


def test_kamal_deploys_over_kamalpy(app: Deployed) -> None:
    kamal(app, "v3", "deploy", "--skip-push")
    assert app.versions() == ["v3", "v3"]
    assert app.containers() == [["test-web-v3"], ["test-web-v3"], ["test-job-v3"]]
