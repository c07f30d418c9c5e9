"""A server without Docker gets it from its distribution's own packages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fleet.registry import Registry
from lab import configurations
from lab.configurations import HOST
from lab.operations import changed, predicted
from lab.project import Project
from lab.servers import Images, Servers


@pytest.mark.parametrize("user", ["root", "deploy"])
def test_setup_installs_docker(
    fleet: Servers,
    images: Images,
    registry: Registry,
    new_project: Callable[[], Project],
    user: str,
) -> None:
    """As root, and as a user who may use sudo and joins the group of Docker on the way."""
    project = new_project()
    fleet.renew(1, docker=False)
    host = fleet[0]
    project.configure({**configurations.first(host.address, registry), "ssh": {"user": user}})
    project.secrets(configurations.secrets(registry))
    images.app("v1")
    assert host.status("command -v docker") != 0
    refused = project.pyinfra("@kamal", "kamalpy.deploys:deploy", "-y", env={"VERSION": "v1"})
    assert refused.status == 1
    assert "has no Docker; run setup" in refused.err
    assert host.status("command -v docker") != 0
    told = project.run("kamalpy", "server", "bootstrap", "--dry")
    assert (told.status, "~ Install Docker  " in told.err) == (0, True), told.text
    dry = project.deploy("v1", "--dry", "--json")
    done = project.deploy("v1", "-y", "--json", seconds=600)
    assert done.status == 0, done.text
    assert predicted(dry) == changed(done)
    assert host.sh("dpkg-query -W -f '${Status}' docker.io") == "install ok installed"
    assert host.get("/version", HOST).text == "v1\n"
    assert project.deploy("v1").status == 0
