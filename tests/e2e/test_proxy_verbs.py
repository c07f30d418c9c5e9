"""`kamalpy proxy`, `registry` and `server bootstrap`: what each verb does, and not again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fleet.registry import Registry
from lab import configurations
from lab.host import Host
from lab.project import Project
from lab.servers import Images, Servers

HOST = configurations.HOST
HOOK = '#!/bin/sh\necho "${0##*/} $KAMAL_HOSTS $KAMAL_SUBCOMMAND" >>hooks.log\n'


@pytest.fixture(scope="module")
def project(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Project:
    """Two web servers, with hooks around each reboot of the proxy."""
    project = new_project()
    project.introduce("Ada", "ada@example.com")
    first = configurations.first(fleet[0].address, registry)
    del first["accessories"]
    project.configure({**first, "servers": {"web": fleet.addresses[:2]}})
    project.secrets(configurations.secrets(registry))
    images.app("v1")
    for name in ("pre-proxy-reboot", "post-proxy-reboot"):
        project.write(f".kamal/hooks/{name}", HOOK, 0o755)
    return project


@pytest.fixture(scope="module")
def web(fleet: Servers) -> list[Host]:
    return fleet.first(2)


def audit(host: Host) -> list[str]:
    """List what the audit log of a server says, without times, and forget it."""
    lines = host.sh("cut -d ' ' -f 2- .kamal/test-audit.log").splitlines()
    host.sh("rm .kamal/test-audit.log")
    return lines


def logins(web: list[Host], registry: Registry) -> list[bool]:
    return [host.status(f"grep -q {registry.server} .docker/config.json") == 0 for host in web]


def test_bootstrap_finds_docker_there(project: Project, web: list[Host]) -> None:
    before = [host.state() for host in web]
    project.typed("server", "bootstrap")
    assert [host.state() for host in web] == before


def test_registry(project: Project, web: list[Host], registry: Registry) -> None:
    project.typed("registry", "login", "-L", "-h", web[0].address)
    assert logins(web, registry) == [True, False]
    again = project.typed("registry", "setup", "--skip-local")
    assert logins(web, registry) == [True, True]
    assert registry.password not in again.text
    project.typed("registry", "logout", "-L", "-R")
    assert logins(web, registry) == [True, True]
    project.typed("registry", "remove", "-L")
    assert logins(web, registry) == [False, False]


def test_boot_then_deploy(project: Project, web: list[Host]) -> None:
    project.typed("proxy", "boot")
    assert [host.docker_ps() for host in web] == [["kamal-proxy"]] * 2
    assert audit(web[0]) == ["[ada@example.com] Booted proxy"]
    booted = [host.state() for host in web]
    project.typed("proxy", "boot")
    assert [host.state() for host in web] == booted
    project.typed("deploy", "--version", "v1")
    assert [host.get("/version", HOST).text for host in web] == ["v1\n"] * 2


def test_stop_start_restart(project: Project, web: list[Host]) -> None:
    audit(web[0])
    began = web[0].inspect("kamal-proxy")["State"]["StartedAt"]
    project.typed("proxy", "stop", "-h", web[0].address)
    assert [host.docker_ps() for host in web] == [["test-web-v1"], ["kamal-proxy", "test-web-v1"]]
    project.typed("proxy", "start")
    assert web[0].get("/version", HOST).text == "v1\n"
    project.typed("proxy", "restart", "-p")
    assert web[0].get("/version", HOST).text == "v1\n"
    assert web[0].inspect("kamal-proxy")["State"]["StartedAt"] != began
    assert audit(web[0]) == [
        f"[ada@example.com] {done} proxy" for done in ("Stopped", "Started", "Restarted")
    ]


def test_reboot_keeps_the_routes(project: Project, web: list[Host]) -> None:
    refused = project.typed("proxy", "reboot", status=1)
    assert "-y skips the question" in refused.err
    was = [host.inspect("kamal-proxy")["Id"] for host in web]
    project.typed("proxy", "reboot", "--rolling", "-y")
    assert not set(was) & {host.inspect("kamal-proxy")["Id"] for host in web}
    assert [host.get("/version", HOST).text for host in web] == ["v1\n"] * 2
    assert (project.folder / "hooks.log").read_text().splitlines() == [
        f"{when}-proxy-reboot {host.address} reboot" for host in web for when in ("pre", "post")
    ]
    assert audit(web[1])[-1] == "[ada@example.com] Rebooted proxy"


def test_boot_config(project: Project, web: list[Host]) -> None:
    """What it says counts from the next reboot on, as with Kamal; Kamal reads what it wrote."""
    project.typed(
        "proxy", "boot_config", "set", "--http-port", 8080, "--docker-options", "label=a=b"
    )
    told = project.typed("proxy", "boot_config", "get").out.splitlines()
    options = "--publish 8080:80 --publish 443:443 --log-opt max-size=10m --label=a=b"
    assert told == [f"Host {host.address}: {options} basecamp/kamal-proxy:v0.9.2" for host in web]
    kamals = project.kamal("proxy", "boot_config", "get", "--version", "v1").out
    answers = [line.strip() for line in kamals.splitlines() if line.startswith("Host")]
    assert sorted(answers) == told  # Kamal tells them as they come
    project.typed("proxy", "reboot", "-y", "-h", web[0].address)
    assert web[0].get("/version", HOST, 8080).text == "v1\n"
    assert web[0].inspect("kamal-proxy")["Config"]["Labels"]["a"] == "b"
    project.typed("proxy", "boot_config", "reset")
    assert web[0].status("test -e .kamal/proxy/options") == 1
    project.typed("proxy", "reboot", "-y", "-h", web[0].address)
    assert web[0].get("/version", HOST).text == "v1\n"


def test_remove_is_refused_while_an_app_is_there(project: Project, web: list[Host]) -> None:
    before = [host.state() for host in web]
    refused = project.typed("proxy", "remove", status=1)
    assert "the proxy is needed by test" in refused.text
    for words, told in (
        (("remove-container",), "is running; stop it"),
        (("remove_proxy_directory",), "is running; stop it"),
        (("boot", "-h", "h9"), "matches no host"),
    ):
        assert told in project.typed("proxy", *words, status=1).text
    assert [host.state() for host in web] == before


def test_remove_by_force(project: Project, web: list[Host]) -> None:
    project.typed("proxy", "remove", "--force", "-h", web[0].address)
    assert web[0].docker_ps(everything=True) == ["test-web-v1"]
    assert web[0].status("docker image inspect basecamp/kamal-proxy:v0.9.2") == 1
    assert web[0].status("test -e .kamal/proxy") == 1
    assert web[0].status("docker volume inspect kamal-proxy-config") == 0
    assert audit(web[0])[-2:] == [
        "[ada@example.com] Removed proxy container",
        "[ada@example.com] Removed proxy image",
    ]
    project.typed("proxy", "remove", "--force", "-h", web[0].address)
    project.typed("proxy", "stop", "-h", web[1].address)
    for part in ("container", "image", "proxy_directory"):
        project.typed("proxy", f"remove_{part}", "-h", web[1].address)
    assert web[1].docker_ps(everything=True) == ["test-web-v1"]
    assert web[1].status("test -e .kamal/proxy") == 1
    project.typed("proxy", "boot")
    assert [host.get("/version", HOST).text for host in web] == ["v1\n"] * 2
