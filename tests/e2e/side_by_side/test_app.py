"""The verbs of the app and of the proxy, typed at the real Kamal and at kamalpy, one by one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fleet.registry import Registry
from lab import configurations
from lab.differences import BOOTED, EXECUTED, PRUNED, RESTARTED, STOPPED, Known
from lab.project import Project
from lab.servers import Images, Servers
from lab.sides import Configs, Sides, take_sides


def configs(address: str, registry: Registry) -> Configs:
    """A web and a job role on one server."""
    first = configurations.first(address, registry)
    kept = ("service", "image", "proxy", "registry", "builder", "env")
    servers = {"web": [address], "job": {"hosts": [address], "cmd": "python -m app worker"}}
    own = {"readiness_delay": 1, "drain_timeout": 2, "servers": servers}
    return {"": {**{key: first[key] for key in kept}, **own}}


@pytest.fixture(scope="module")
def sides(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Sides:
    """Two servers that are set up, and a project for each."""
    images.app("v1")
    images.app("v2")
    secrets = configurations.secrets(registry)
    sides = take_sides(fleet, new_project, lambda address: configs(address, registry), secrets)
    sides.alike("setup -P")
    return sides


@pytest.mark.parametrize(
    ("version", "words", "known"),
    [
        ("v1", "app stop", ()),
        ("v1", "app start", ()),
        ("v1", "app maintenance --message soon --drain-timeout 1", ()),
        ("v1", "app live", ()),
        ("v1", "app exec env", EXECUTED),
        ("v1", "app exec --reuse env", ()),
        ("v2", "app boot --version v2", BOOTED),
        ("v2", "app stale_containers --stop", ()),
        ("v2", "proxy stop", ()),
        ("v2", "proxy start", ()),
        ("v2", "proxy restart", RESTARTED),
        ("v2", "proxy reboot -y", ()),
        ("v2", "proxy boot_config set --http-port 80 --log-max-size 5m", ()),
        ("v2", "proxy boot_config reset", ()),
        ("v2", "server exec date", ()),
        ("v2", "registry logout -L", ()),
        ("v2", "registry login -L", ()),
        ("v2", "prune containers --retain 1", PRUNED),
        ("v2", "prune images", ()),
        ("v2", "app remove_containers", ()),
        ("v2", "app remove", ()),
        ("v2", "proxy remove --force", STOPPED),
    ],
)
def test_servers_are_left_alike(
    sides: Sides, version: str, words: str, known: tuple[Known, ...]
) -> None:
    sides.alike(words, version, known)
