"""Staging and production on the same servers, which do not touch each other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fleet.registry import Registry
from lab.host import Host
from lab.project import Project, Result
from lab.servers import Images, Servers

BOTH = ("staging", "production")
REFUSAL = (
    "config/deploy.yml:1: require_destination: no destination is given; use -d production or "
    "-d staging, with pyinfra @kamal/production"
)


def site(destination: str) -> str:
    return f"{destination}.example.com"


@pytest.fixture(scope="module")
def web(fleet: Servers) -> list[Host]:
    """The servers that both destinations share."""
    return fleet.first(2)


@pytest.fixture(scope="module")
def project(
    web: list[Host], images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Project:
    """What both have in common in one file, what differs in two."""
    project = new_project()
    project.configure(
        {
            "require_destination": True,
            "service": "test",
            "image": "acme/test",
            "servers": {"web": [host.address for host in web]},
            "proxy": {"app_port": 8080},
            "registry": {
                "server": registry.server,
                "username": registry.user,
                "password": ["KAMAL_REGISTRY_PASSWORD"],
            },
            "builder": {"arch": "amd64"},
            "retain_containers": 1,
            "env": {"clear": {"MODE": "none", "SHARED": "yes"}, "secret": ["TOKEN"]},
        }
    )
    for each in BOTH:
        project.configure({"proxy": {"host": site(each)}, "env": {"clear": {"MODE": each}}}, each)
        project.write(f".kamal/secrets.{each}", f"TOKEN={each}-$KAMAL_DESTINATION-secret\n")
    project.secrets({"KAMAL_REGISTRY_PASSWORD": registry.password}, "-common")
    for version in ("v1", "v2", "v3"):
        images.app(version)
    return project


@pytest.fixture(scope="module")
def both(project: Project) -> list[Result]:
    """Both set up, one by each of the two programs."""
    env = {"VERSION": "v1"}
    inventory = "@kamal/config/deploy.yml?destination=production"
    return [
        project.kamalpy("setup", "-d", "staging", env=env),
        project.pyinfra(inventory, "kamalpy.deploys:setup", "-y", env=env),
    ]


def test_one_must_be_named(project: Project) -> None:
    told = project.kamalpy("deploy", env={"VERSION": "v1"})
    assert told.status == 1
    assert REFUSAL in told.err
    plain = project.pyinfra("@kamal", "kamalpy.deploys:deploy", "-y", env={"VERSION": "v1"})
    assert plain.status == 1
    assert REFUSAL in plain.text


def test_both_are_set_up(web: list[Host], both: list[Result]) -> None:
    assert [done.status for done in both] == [0, 0], "\n".join(done.text for done in both)
    for host in web:
        assert host.docker_ps() == [
            "kamal-proxy",
            *(f"test-web-{each}-v1" for each in sorted(BOTH)),
        ]
        assert [host.get("/version", site(each)).text for each in BOTH] == ["v1\n"] * 2


@pytest.mark.parametrize("each", BOTH)
def test_each_has_its_own_settings_and_secrets(
    web: list[Host], both: list[Result], each: str
) -> None:
    container = web[0].inspect(f"test-web-{each}-v1")
    env = dict(entry.split("=", 1) for entry in container["Config"]["Env"])
    assert (env["MODE"], env["SHARED"], env["TOKEN"]) == (each, "yes", f"{each}-{each}-secret")
    assert env["KAMAL_DESTINATION"] == each
    assert container["Config"]["Labels"]["destination"] == each
    folder = f".kamal/apps/test-{each}/env/roles/web.env"
    assert f"TOKEN={each}-{each}-secret" in web[0].sh(f"cat {folder}")
    assert "Booted app version v1" in web[0].sh(f"cat .kamal/test-{each}-audit.log")


def test_one_goes_on_and_the_other_stays(
    web: list[Host], project: Project, both: list[Result]
) -> None:
    """Three versions of one are kept down to one, and none of the other's goes with them."""
    before = [host.inspect("test-web-production-v1") for host in web]
    for version in ("v2", "v3"):
        done = project.kamalpy("deploy", "-d", "staging", env={"VERSION": version})
        assert done.status == 0, done.text
    for host, was in zip(web, before, strict=True):
        assert [host.get("/version", site(each)).text for each in BOTH] == ["v3\n", "v1\n"]
        assert host.inspect("test-web-production-v1") == was
        assert host.docker_ps(everything=True) == [
            "kamal-proxy",
            "test-web-production-v1",
            "test-web-staging-v2",
            "test-web-staging-v3",
        ]


def test_the_other_has_nothing_to_do(project: Project, web: list[Host], both: list[Result]) -> None:
    folders = ("/root/.kamal",)
    before = [host.state(*folders) for host in web]
    again = project.kamalpy("deploy", "-d", "production", env={"VERSION": "v1"})
    assert again.status == 0, again.text
    assert [host.state(*folders) for host in web] == before


def test_a_lock_of_one_is_none_of_the_other(
    web: list[Host], project: Project, both: list[Result]
) -> None:
    web[0].sh("mkdir .kamal/lock-test-staging")
    locked = project.kamalpy("deploy", "-d", "staging", env={"VERSION": "v2"})
    free = project.kamalpy("deploy", "-d", "production", env={"VERSION": "v2"})
    web[0].sh("rmdir .kamal/lock-test-staging")
    assert (locked.status != 0, free.status) == (True, 0), f"{locked.text}\n{free.text}"
    assert [web[0].get("/version", site(each)).text for each in BOTH] == ["v3\n", "v2\n"]
