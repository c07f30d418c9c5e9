"""The verbs of accessories, typed at the real Kamal and at kamalpy: what they leave is the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fleet.registry import Registry
from lab import configurations
from lab.differences import PROXY, REBOOTED, REMOVED, RESTARTED, STARTED, Known
from lab.project import Project
from lab.servers import Images, Servers
from lab.sides import Configs, Sides, take_sides


def configs(address: str, registry: Registry) -> Configs:
    """A database with a file; a page behind the proxy, with variables of the server."""
    first = configurations.first(address, registry)
    postgres = {
        **first["accessories"]["postgres"],
        "files": [{"local": "init.sh", "remote": "/init.sh", "mode": "0750"}],
        "labels": {"kind": "database"},
        "options": {"cpus": 1},
        "cmd": "postgres -c max_connections=20",
    }
    page = {
        "image": f"{registry.server}/acme/test:v1",
        "host": address,
        "proxy": {"host": "page.example.com", "app_port": 8080, "healthcheck": {"interval": 1}},
        "env": {"clear": {"GREETING": "hi ${NOBODY:-all} of ${BASE}"}},
        "directories": ["data:/data", "${BASE}/more:/more"],
        "volumes": ["${BASE}/cache:/cache", "$BASE/logs:/logs:ro"],
    }
    return {"": {**first, "accessories": {"postgres": postgres, "page": page}}}


@pytest.fixture(scope="module")
def sides(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Sides:
    """Two fresh servers, and a project for each."""
    images.app("v1")
    secrets = configurations.secrets(registry)
    sides = take_sides(fleet, new_project, lambda address: configs(address, registry), secrets)
    for side in sides:
        side.project.write("init.sh", "#!/bin/sh\nexit 0\n")
        side.host.sh("echo 'SetEnv BASE=/srv/base' >>/etc/ssh/sshd_config.d/fleet.conf")
        side.host.sh("kill -HUP $(cat /run/sshd.pid)")
    return sides


@pytest.mark.parametrize(
    ("words", "known"),
    [
        ("proxy boot", PROXY),
        ("accessory directories postgres", ()),
        ("accessory upload postgres", ()),
        ("accessory boot all", ()),
        ("accessory start postgres", STARTED),
        ("accessory restart postgres", RESTARTED),
        ("accessory reboot postgres", REBOOTED),
        ("accessory stop page", ()),
        ("accessory start page", ()),
        ("accessory remove page -y", REMOVED),
        ("accessory stop postgres", ()),
        ("accessory remove_container postgres", ()),
        ("accessory remove_image postgres", ()),
        ("accessory remove_service_directory postgres [-y]", ()),
    ],
)
def test_servers_are_left_alike(sides: Sides, words: str, known: tuple[Known, ...]) -> None:
    sides.alike(words, known=known)
