"""`kamalpy remove`: a service goes; its data, and whoever else is on its servers, stay."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fleet.registry import Registry
from lab import configurations
from lab.project import Project
from lab.servers import Images, Servers

SHOP = "shop.example.com"


@pytest.fixture(scope="module")
def projects(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> tuple[Project, Project]:
    """Two services on the first server, one of them with its database on the second."""
    one, other = new_project(), new_project()
    first = configurations.first(fleet[0].address, registry)
    first["accessories"]["postgres"]["host"] = fleet[1].address
    one.configure(first)
    shop = {**first, "service": "shop", "image": "acme/shop"}
    shop["proxy"] = {**first["proxy"], "host": SHOP}
    del shop["accessories"]
    other.configure(shop)
    images.app("v1")
    images.app("s1", "shop", "acme/shop")
    for project, version in ((one, "v1"), (other, "s1")):
        project.introduce("Ada", "ada@example.com")
        project.secrets(configurations.secrets(registry))
        project.typed("setup", "--version", version)
    return one, other


def test_nothing_goes_without_the_services_name(
    fleet: Servers, projects: tuple[Project, Project]
) -> None:
    one, _ = projects
    before = [host.state() for host in fleet]
    unsaid = one.typed("remove", status=1)
    assert "Type the name of the service to continue, test: " in unsaid.err
    wrong = one.run("sh", "-c", "echo shop | kamalpy remove")
    assert wrong.status == 1
    assert "'shop' is not test: nothing was removed" in wrong.err
    dry = one.typed("remove", "--dry")
    assert "Remove the app's containers" in dry.text
    assert [host.state() for host in fleet] == before


def test_one_goes_and_the_other_stays(
    fleet: Servers, projects: tuple[Project, Project], registry: Registry
) -> None:
    one, other = projects
    fleet[1].sh("touch test-postgres/data/kept")
    shops = fleet[0].inspect("shop-web-s1")["State"]["StartedAt"]
    done = one.run("sh", "-c", "echo test | kamalpy remove")
    assert done.status == 0, done.text
    assert fleet[0].docker_ps(everything=True) == ["kamal-proxy", "shop-web-s1"]
    assert fleet[1].docker_ps(everything=True) == []
    assert fleet[0].get("/version", configurations.HOST).status == 404
    assert fleet[0].get("/version", SHOP).text == "s1\n"
    assert fleet[0].inspect("shop-web-s1")["State"]["StartedAt"] == shops
    assert fleet[0].sh("ls .kamal/apps .kamal/proxy/apps-config").split() == [
        *(".kamal/apps:", "shop", ".kamal/proxy/apps-config:"),
    ]
    assert fleet[0].status(f"docker image inspect {registry.server}/acme/test:v1") == 1
    assert fleet[1].status("docker image inspect postgres:15") == 1
    assert fleet[1].status("test -e test-postgres/data/kept") == 0
    assert fleet[0].status(f"grep -q {registry.server} .docker/config.json") == 1
    said = fleet[0].sh("cut -d ' ' -f 2- .kamal/test-audit.log").splitlines()
    assert said[-4:] == [
        "[ada@example.com] [web] Stopped app",
        "[ada@example.com] [web] Removed all app containers",
        "[ada@example.com] Removed all app images",
        "[ada@example.com] Removed .kamal/apps/test",
    ]

    left = [host.state() for host in fleet]
    one.typed("remove", "-y")
    assert [host.state() for host in fleet] == left

    other.typed("redeploy", "--version", "s1")
    assert fleet[0].get("/version", SHOP).text == "s1\n"


def test_the_last_one_removes_the_proxy_and_data_only_if_requested(
    fleet: Servers, projects: tuple[Project, Project]
) -> None:
    one, other = projects
    other.typed("remove", "-y")
    assert fleet[0].docker_ps(everything=True) == []
    assert fleet[0].status("test -e .kamal/proxy") == 1
    assert fleet[1].status("test -e test-postgres") == 0
    one.typed("remove", "-y", "--data")
    assert fleet[1].status("test -e test-postgres") == 1
    for host in fleet:
        assert host.sh("docker ps --all --quiet; ls -A .kamal/apps 2>/dev/null || :") == ""
