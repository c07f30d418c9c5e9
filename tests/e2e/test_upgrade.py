"""`kamalpy upgrade`: servers that stand for those of Kamal 1 become Kamal 2's, or stay so."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from fleet.registry import Registry
from fleet.shell import wait_for
from lab import configurations
from lab.host import Host
from lab.project import Project
from lab.servers import Images, Servers

HOST = configurations.HOST
TRAEFIK = """
docker pull --quiet {image} && docker tag {image} {latest}
docker create --name made {image}
docker commit --change 'LABEL org.opencontainers.image.title=Traefik' made traefik:v2.10
docker rm made
docker run --detach --name traefik --publish 80:8080 \
  --env XAI_API_KEY= --env DATABASE_URL= traefik:v2.10
docker run --detach --name test-web-v1 --env XAI_API_KEY= --env DATABASE_URL= \
  --label service=test --label role=web --label destination= --label traefik.enable=true {image}
docker create --name healthcheck-test-v1 --label service=healthcheck-test {image}
mkdir -p .kamal/env/roles .kamal/env/traefik .kamal/cords/test-web-0a1b
echo XAI_API_KEY=old >.kamal/env/roles/test-web.env
echo A=b >.kamal/env/roles/test-admin-web.env
"""
SHOP = """
docker run --detach --name shop-web-1 --label service=shop --label traefik.enable=true \
  --env XAI_API_KEY= --env DATABASE_URL= {image}
"""
POSTGRES = """
mkdir -p test-postgres/data
docker run --detach --name test-postgres --label service=test-postgres --env POSTGRES_PASSWORD=pg \
  --volume $PWD/test-postgres/data:/var/lib/postgresql/data postgres:15
"""


@pytest.fixture(scope="module")
def project(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Project:
    """Two web servers behind Traefik, a database on the second, another service on the first."""
    project = new_project()
    project.introduce("Ada", "ada@example.com")
    first = configurations.first(fleet[0].address, registry)
    first["accessories"]["postgres"]["host"] = fleet[1].address
    project.configure({**first, "servers": {"web": fleet.addresses[:2]}, "deploy_timeout": 5})
    project.secrets(configurations.secrets(registry))
    image = images.app("v1")
    images.app("bad", fault="unhealthy")
    project.typed("registry", "login", "-L")
    for host in fleet.first(2):
        host.sh(TRAEFIK.format(image=image, latest=image.replace(":v1", ":latest")))
    fleet[0].sh(SHOP.format(image=image))
    fleet[1].sh(POSTGRES)
    return project


@pytest.fixture(scope="module")
def web(fleet: Servers) -> list[Host]:
    return fleet.first(2)


OLD = ["healthcheck-test-v1", "test-web-v1", "traefik"]


def test_whoever_boots_the_proxy_learns_who_has_its_ports(
    project: Project, web: list[Host]
) -> None:
    failed = project.typed("proxy", "boot", status=1).text
    assert "has ports: traefik (traefik:v2.10): 0.0.0.0:80->8080/tcp" in failed
    assert "kamalpy upgrade puts kamal-proxy in its place" in failed
    assert "kamal-proxy" not in web[0].docker_ps(everything=True)


def test_a_dry_run_reports_what_there_is(project: Project, web: list[Host]) -> None:
    before = [host.state() for host in web]
    told = project.typed("upgrade", "--dry").text
    assert "traefik, traefik:v2.10, is Kamal 1's: kamal-proxy takes its place" in told
    assert "behind it are shop-web-1 as well" in told
    refused = project.typed("upgrade", status=1)
    assert "Continue? [y/N]" in refused.err
    assert [host.state() for host in web] == before


def test_if_it_fails_traefik_serves_again(project: Project, web: list[Host]) -> None:
    failed = project.run("kamalpy", "upgrade", "-y", "--version", "bad")
    assert failed.status not in (0, 1), failed.text
    for host in web:
        wait_for(f"Traefik on {host.name}", partial(host.get, "/version"), 20)
    assert [host.get("/version").text for host in web] == ["v1\n"] * 2
    assert [sorted({*host.docker_ps()} & {*OLD}) for host in web] == [
        ["test-web-v1", "traefik"]
    ] * 2
    assert web[0].status("test -e .kamal/env/roles/test-web.env") == 0
    assert web[0].status("test -e .kamal/lock-test") == 1


def test_all_is_moved_server_by_server(project: Project, fleet: Servers, web: list[Host]) -> None:
    web[1].sh("touch test-postgres/data/kept")
    project.typed("upgrade", "-y", "--rolling")
    assert [host.docker_ps() for host in web] == [
        ["kamal-proxy", "shop-web-1", "test-web-v1"],
        ["kamal-proxy", "test-postgres", "test-web-v1"],
    ]
    assert [host.get("/version", HOST).text for host in web] == ["v1\n"] * 2
    for host, name in ((web[0], "test-web-v1"), (web[1], "test-postgres")):
        assert list(host.inspect(name)["NetworkSettings"]["Networks"]) == ["kamal"]
    assert web[1].status("docker exec test-postgres test -e /var/lib/postgresql/data/kept") == 0
    for host in web:
        assert not {"traefik", "healthcheck-test-v1"} & {*host.docker_ps(everything=True)}
        assert host.sh("ls -A .kamal/cords .kamal/env .kamal/env/roles").split() == [
            *(".kamal/cords:", ".kamal/env:", "roles", ".kamal/env/roles:", "test-admin-web.env")
        ]
        assert host.sh("stat -c %a .kamal/apps/test/env/roles/web.env") == "600\n"
    said = web[1].sh("cut -d ' ' -f 2- .kamal/test-audit.log").splitlines()
    assert "[ada@example.com] Removed Traefik" in said
    assert "[ada@example.com] Booted postgres accessory" in said


def test_there_is_nothing_to_do_the_second_time(project: Project, web: list[Host]) -> None:
    before = [host.state() for host in web]
    project.typed("upgrade", "-y")
    assert [host.state() for host in web] == before
