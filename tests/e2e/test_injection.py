"""Whatever a user writes is data: nothing of it runs, and what is taken arrives byte for byte."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fleet.registry import Registry
from lab import configurations
from lab.host import Host
from lab.project import Project
from lab.servers import Images, Servers

SHELL = (
    "a\"'`touch /tmp/pwned`'\" $(touch /tmp/pwned) ${x:-$(touch /tmp/pwned)} $HOME; "
    "touch /tmp/pwned | touch /tmp/pwned &\ntouch /tmp/pwned\n\\n \\ %s {{.ID}} * grün ☃"
)
OPTION = "--privileged"
KEYS: dict[str, Callable[[str], dict[str, Any]]] = {
    "service": lambda evil: {"service": evil},
    "image": lambda evil: {"image": evil},
    "role": lambda evil: {"servers": {evil: ["h"]}, "primary_role": evil},
    "volumes": lambda evil: {"volumes": [f"{evil}:/x"]},
    "log driver": lambda evil: {"logging": {"driver": evil}},
    "log option": lambda evil: {"logging": {"options": {"tag": evil}}},
    "proxy host": lambda evil: {"proxy": {"host": evil, "app_port": 8080}},
    "path": lambda evil: {"proxy": {"healthcheck": {"path": evil}, "app_port": 8080}},
    "asset_path": lambda evil: {"asset_path": evil},
}
WORDS = ("image", "volumes", "log driver", "path")
"""Whose values are words of their own on a command line, or begin one."""


@pytest.fixture
def h1(fleet: Servers) -> Iterator[Host]:
    """The first server, on which nothing must have run at the end, nor on this machine."""
    host = fleet[0]
    yield host
    assert host.status("test -e /tmp/pwned") == 1
    privileged = "docker inspect --format '{{.HostConfig.Privileged}}'"
    assert "true" not in host.sh(f"docker ps -aq | xargs -r {privileged}")
    host.sh("docker ps -aq | xargs -r docker rm -fv; rm -rf .kamal/lock-*")


@pytest.fixture
def evil_project(
    h1: Host, images: Images, registry: Registry, project: Project
) -> Callable[[dict[str, Any]], Project]:
    """Make a project of the first form, with some keys replaced."""

    def make(changes: dict[str, Any]) -> Project:
        config = configurations.first(h1.address, registry)
        config["env"]["clear"]["APP_TEST"] = "1"
        config["deploy_timeout"] = 5
        project.configure({**config, **changes})
        project.secrets(configurations.secrets(registry))
        images.app("v1")
        return project

    return make


@pytest.mark.parametrize("evil", [SHELL, OPTION], ids=["shell", "option"])
def test_values_arrive_byte_for_byte(
    h1: Host, evil_project: Callable[[dict[str, Any]], Project], evil: str
) -> None:
    project = evil_project(
        {
            "labels": {"evil": evil},
            "env": {"clear": {"EVIL": evil}, "secret": ["HIDDEN", "DATABASE_URL", "XAI_API_KEY"]},
            "accessories": {
                "side": {
                    "image": "postgres:15",
                    "host": h1.address,
                    "cmd": f"sh -c {shlex.quote('sleep 1000')} {shlex.quote(evil)}",
                    "env": {"clear": {"EVIL": evil}, "secret": ["HIDDEN"]},
                    "labels": {"evil": evil},
                }
            },
        }
    )
    project.environment["HIDDEN"] = evil
    project.write(".kamal/secrets", "".join(f"{n}=${n}\n" for n in _names(project)))
    done = project.deploy("v1", "-y", "-vvv")
    assert done.status == 0, done.text
    web = h1.inspect("test-web-v1")["Config"]
    assert h1.inspect("test-side")["Config"]["Cmd"][-1] == evil
    with_default = evil.replace("${x:-$(touch /tmp/pwned)}", "$(touch /tmp/pwned)")
    assert web["Labels"]["evil"] == with_default
    assert f"EVIL={with_default}" in web["Env"]
    assert f"HIDDEN={evil}" in web["Env"]


@pytest.mark.parametrize(
    ("key", "evil"),
    [(key, SHELL) for key in KEYS] + [(key, OPTION) for key in WORDS],
)
def test_nothing_that_is_written_runs(
    h1: Host, evil_project: Callable[[dict[str, Any]], Project], key: str, evil: str
) -> None:
    changes = KEYS[key](evil)
    if servers := changes.get("servers"):
        changes["servers"] = {role: [h1.address] for role in servers}
    project = evil_project({"accessories": {}, **changes})
    done = project.deploy("v1", "-y", seconds=120)
    assert done.status in (0, 1), done.text
    assert "\nTraceback" not in done.text
    assert not (project.folder / "pwned").exists()


def _names(project: Project) -> list[str]:
    return [*configurations.SECRETS, "HIDDEN"]
