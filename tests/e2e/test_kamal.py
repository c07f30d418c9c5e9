"""Real Kamal and kamalpy on the same servers, one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from fleet.registry import Registry
from lab.configurations import HOST
from lab.deployed import Deployed, deploy_first
from lab.load import Load
from lab.operations import changed, predicted
from lab.project import Project
from lab.servers import Images, Servers


@pytest.fixture(scope="module")
def app(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Deployed:
    """Versions 1 and 2, deployed by kamalpy."""
    app = deploy_first(fleet, images, registry, new_project, readiness_delay=2)
    app.project.commit()
    assert app.deploy("v2").status == 0
    return app


def kamal(app: Deployed, version: str, *words: str) -> str:
    """Run real Kamal, which has to succeed."""
    done = app.project.kamal(*words, env={"VERSION": version})
    assert done.status == 0, done.text
    return done.out


def test_kamal_finds_what_kamalpy_has_deployed(app: Deployed) -> None:
    details = kamal(app, "v2", "details")
    for name in ("kamal-proxy", "test-web-v2", "test-job-v2", "test-postgres"):
        assert name in details
    version = [line for line in kamal(app, "v2", "app", "version").splitlines() if "v" in line[:1]]
    assert version == ["v2"] * 3
    assert "There is no deploy lock" in kamal(app, "v2", "lock", "status")
    assert "Booted app version v2" in kamal(app, "v2", "audit")


def test_kamal_rolls_back_what_kamalpy_has_deployed(app: Deployed) -> None:
    kamal(app, "v1", "rollback", "v1")
    assert app.versions() == ["v1", "v1"]
    assert app.containers() == [["test-web-v1"], ["test-web-v1"], ["test-job-v1"]]


def test_kamal_deploys_over_kamalpy(app: Deployed) -> None:
    app.images.app("v3")
    kamal(app, "v3", "deploy", "--skip-push")
    assert app.versions() == ["v3", "v3"]


def test_kamalpy_finds_nothing_to_change_in_what_kamal_has_deployed(app: Deployed) -> None:
    app.project.write("setup.py", "from kamalpy import deploys\n\ndeploys.setup()\n")
    for deploy in ("setup.py", "deploy.py"):
        dry = app.project.pyinfra(
            "inventory.py", deploy, "--dry", "--diff", "--json", env={"VERSION": "v3"}
        )
        assert predicted(dry) == set(), dry.text


def test_kamalpy_deploys_over_kamal_without_a_failed_request(app: Deployed) -> None:
    with Load([host.address for host in app.web], HOST) as load:
        time.sleep(1)
        done = app.deploy("v4", "-y", "--json")
        time.sleep(1)
    assert done.status == 0, done.text
    assert changed(done)
    assert load.failures() == []
    assert app.versions() == ["v4", "v4"]


def test_each_respects_the_others_lock(app: Deployed) -> None:
    kamal(app, "v4", "lock", "acquire", "-m", "hands off")
    done = app.deploy("v5")
    assert done.status == 1
    assert "Message: hands off" in done.err
    assert "Ada" in done.err
    kamal(app, "v4", "lock", "release")
    assert app.deploy("v5").status == 0


def test_a_fleet_that_kamal_has_set_up_is_taken_over(
    app: Deployed, fleet: Servers, images: Images
) -> None:
    fleet.renew()
    kamal(app, "v1", "setup", "--skip-push")
    app.project.write("setup.py", "from kamalpy import deploys\n\ndeploys.setup()\n")
    dry = app.project.pyinfra("inventory.py", "setup.py", "--dry", "--json", env={"VERSION": "v1"})
    assert predicted(dry) == set(), dry.text
    assert app.deploy("v2").status == 0
    assert app.versions() == ["v2", "v2"]
