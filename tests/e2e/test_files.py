"""Files of all kinds on a server that is reached as another user, through a jump host."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fleet.registry import Registry
from lab import certificates
from lab.configurations import HOST
from lab.host import Host
from lab.project import Project, Result
from lab.servers import Images, Servers

SETTINGS = 'name = "<%= ENV["TITLE"] %>"\npassword = "<%= ENV["PASSWORD"] %>"\n'
RENDERED = 'name = "a title"\npassword = "hunter2"\n'
HOOK = "#!/bin/sh\nenv | grep ^KAMAL_ | sort >hook.env\n"
HOME = "/home/deploy"
ASSETS = f"{HOME}/.kamal/apps/test/assets"


@pytest.fixture(scope="module")
def host(fleet: Servers) -> Host:
    """The server; another one is the way to it."""
    return fleet[0]


@pytest.fixture(scope="module")
def config(fleet: Servers, registry: Registry) -> dict[str, Any]:
    """One deploy.yml with every key that brings files along."""
    first, jump = fleet.addresses[:2]
    return {
        "service": "test",
        "image": "acme/test",
        "servers": {"web": [first]},
        "ssh": {"user": "deploy", "proxy": f"deploy@{jump}", "key_data": ["SSH_KEY"]},
        "proxy": {
            "host": HOST,
            "app_port": 8080,
            "ssl": {"certificate_pem": "CERT", "private_key_pem": "KEY"},
            "ssl_redirect": False,
        },
        "asset_path": "/app/app",
        "error_pages_path": "public",
        "hooks_path": "ops",
        "registry": {
            "server": registry.server,
            "username": registry.user,
            "password": ["KAMAL_REGISTRY_PASSWORD"],
        },
        "builder": {"arch": "amd64"},
        "accessories": {
            "side": {
                "image": f"{registry.server}/acme/test:v1",
                "host": first,
                "cmd": "sleep 1000",
                "env": {"clear": {"TITLE": "a title"}, "secret": ["PASSWORD"]},
                "files": [
                    {"local": "ops/app.conf.erb", "remote": "/etc/app.conf", "mode": "0640"},
                    "ops/plain.j2:/etc/plain.conf:ro",
                ],
                "directories": [{"local": "kept", "remote": "/kept", "mode": "0750"}],
            }
        },
    }


@pytest.fixture(scope="module")
def project(
    fleet: Servers,
    images: Images,
    registry: Registry,
    config: dict[str, Any],
    new_project: Callable[[], Project],
) -> Project:
    """The project of somebody whose only key is a secret."""
    project = new_project()
    (project.home / ".ssh/id_ed25519").unlink()
    project.configure(config)
    certificate, key = certificates.pair(HOST)
    project.secrets(
        {
            "KAMAL_REGISTRY_PASSWORD": registry.password,
            "SSH_KEY": fleet.keys.private.read_text(),
            "CERT": certificate,
            "KEY": key,
            "PASSWORD": "hunter2",
        }
    )
    project.write("ops/app.conf.erb", SETTINGS)
    project.write("ops/plain.j2", "{{ env.TITLE }}\n")
    project.write("public/503.html", "<p>our own page</p>\n")
    project.write("public/notes.txt", "no page")
    project.write("ops/pre-deploy", HOOK, 0o755)
    for version in ("v1", "v2"):
        images.app(version)
    return project


def deploy(project: Project, version: str, verb: str = "deploy") -> Result:
    return project.kamalpy(verb, env={"VERSION": version})


@pytest.fixture(scope="module")
def setup(fleet: Servers, project: Project) -> Result:
    """The first version."""
    fleet.mark()
    return deploy(project, "v1", "setup")


def test_as_another_user_through_a_jump_host(fleet: Servers, host: Host, setup: Result) -> None:
    assert setup.status == 0, setup.text
    assert host.docker_ps() == ["kamal-proxy", "test-side", "test-web-v1"]
    assert [each.connections() for each in fleet] == [1, 1, 0]
    assert host.execs()
    assert not fleet[1].execs()
    assert host.status("test -e /root/.kamal") == 1
    assert host.sh(f"stat -c %U {HOME}/.kamal/apps/test/env/roles/web.env") == "deploy\n"


def test_files_of_an_accessory(host: Host, setup: Result) -> None:
    inside = "docker exec test-side"
    assert host.sh(f"{inside} cat /etc/app.conf") == RENDERED
    assert host.sh(f"{inside} cat /etc/plain.conf") == "a title\n"
    assert host.status(f"{inside} touch /etc/plain.conf") != 0
    folder = f"{HOME}/test-side"
    modes = host.sh(f"stat -c %a {folder}/etc/app.conf {folder}/etc/plain.conf {folder}/kept")
    assert modes.split() == ["640", "755", "750"]


def test_the_certificate_is_our_own_and_its_key_the_proxy_s(
    host: Host, project: Project, setup: Result
) -> None:
    assert certificates.served(host.address, HOST) == project.environment["CERT"]
    folder = f"{HOME}/.kamal/proxy/apps-config/test/tls/web"
    owner = host.sh("docker exec kamal-proxy id -u").strip()
    assert host.sh(f"stat -c '%a %u' {folder}/key.pem") == f"600 {owner}\n"


def test_hooks_get_variables_about_the_run(host: Host, project: Project, setup: Result) -> None:
    told = dict(
        line.split("=", 1) for line in (project.folder / "hook.env").read_text().splitlines()
    )
    assert (told["KAMAL_COMMAND"], told["KAMAL_VERSION"]) == ("setup", "v1")
    assert (told["KAMAL_HOSTS"], told["KAMAL_SERVICE"]) == (host.address, "test")


def test_nothing_changes_the_second_time(host: Host, project: Project, setup: Result) -> None:
    folders = (f"{HOME}/.kamal", f"{HOME}/test-side")
    before = host.state(*folders)
    again = deploy(project, "v1", "setup")
    assert again.status == 0, again.text
    assert host.state(*folders) == before


def test_a_hook_that_fails_changes_nothing(host: Host, project: Project, setup: Result) -> None:
    before = host.docker_ps(everything=True)
    project.write("ops/pre-deploy", "#!/bin/sh\necho not today\nexit 3\n", 0o755)
    stopped = deploy(project, "v2")
    project.write("ops/pre-deploy", HOOK, 0o755)
    assert stopped.status != 0
    assert "not today" in stopped.text
    assert host.docker_ps(everything=True) == before
    assert host.status(f"test -e {HOME}/.kamal/lock-test") == 1


def test_both_versions_find_their_assets_and_a_new_certificate_is_served(
    host: Host, project: Project, setup: Result
) -> None:
    host.sh(f"touch {ASSETS}/extracted/web-v1/only-v1.css {ASSETS}/volumes/web-v1/only-v1.css")
    certificate, key = certificates.pair(HOST)
    project.environment.update(CERT=certificate, KEY=key)
    done = deploy(project, "v2")
    assert done.status == 0, done.text
    assert host.docker_ps() == ["kamal-proxy", "test-side", "test-web-v2"]
    names = host.sh("docker exec test-web-v2 ls /app/app").split()
    assert {"only-v1.css", "web.py"} <= set(names)
    assert certificates.served(host.address, HOST) == certificate
    mode = host.sh(f"stat -c %a {HOME}/.kamal/proxy/apps-config/test/tls/web/key.pem")
    assert mode == "600\n"


def test_error_pages_are_our_own(host: Host, project: Project, setup: Result) -> None:
    proxy = "docker exec kamal-proxy kamal-proxy"
    host.sh(f"{proxy} stop test-web")
    answer = host.get("/", HOST)
    host.sh(f"{proxy} resume test-web")
    assert (answer.status, answer.text) == (503, "<p>our own page</p>\n")
    pages = host.sh(f"find {HOME}/.kamal/proxy/apps-config/test/error_pages -name '*.*' | sort")
    assert pages.rpartition("/")[2] == "503.html\n"
