"""One scenario, typed at the real Kamal and at kamalpy: what they leave on a server is the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fleet.registry import Registry
from lab import configurations
from lab.certificates import pair
from lab.differences import AGAIN, BACK, KNOWN, PRUNED_WITH_IMAGES, Known
from lab.project import Project
from lab.servers import Images, Servers
from lab.sides import Configs, Sides, take_sides


def configs(address: str, registry: Registry) -> Configs:
    """A web and a job role on one server, and a database with a file."""
    first = configurations.first(address, registry)
    postgres = first["accessories"]["postgres"]
    web = {"hosts": [address], "labels": {"tier": "front"}, "options": {"memory": "256m"}}
    job = {"hosts": [address], "cmd": "python -m app worker", "env": {"clear": {"QUEUE": "mail"}}}
    env = first["env"]
    deploy = {
        **first,
        "servers": {"web": web, "job": job},
        "proxy": {
            **first["proxy"],
            "ssl": {"certificate_pem": "CERTIFICATE", "private_key_pem": "PRIVATE_KEY"},
            "healthcheck": {"path": "/up", "interval": 1},
        },
        "env": {"clear": {**env["clear"], "EMPTY": ""}, "secret": [*env["secret"], "NOTE"]},
        "accessories": {
            "postgres": {
                **postgres,
                "files": [{"local": "init.sh", "remote": "/init.sh", "mode": "0750"}],
                "labels": {"kind": "database"},
                "options": {"cpus": 1},
            }
        },
        "volumes": ["notes:/notes"],
        "labels": {"team": "blue"},
        "logging": {"driver": "json-file", "options": {"max-size": "5m"}},
        "error_pages_path": "pages",
        "asset_path": "/etc/skel",
        "readiness_delay": 1,
        "drain_timeout": 2,
        "retain_containers": 2,
    }
    return {"": deploy}


@pytest.fixture(scope="module")
def sides(
    fleet: Servers,
    images: Images,
    registry: Registry,
    new_project: Callable[[], Project],
) -> Sides:
    """Two fresh servers, and a project for each."""
    for version in ("v1", "v2", "v3"):
        images.app(version)
    secrets = {
        **configurations.secrets(registry),
        **_certificate(),
        "NOTE": "two\nlines",
    }
    sides = take_sides(fleet, new_project, lambda address: configs(address, registry), secrets)
    for side in sides:
        side.project.write("init.sh", "#!/bin/sh\nexit 0\n")
        side.project.write("pages/503.html", "<h1>soon</h1>\n")
    return sides


def _certificate() -> dict[str, str]:
    return dict(zip(("CERTIFICATE", "PRIVATE_KEY"), pair(configurations.HOST), strict=True))


@pytest.mark.parametrize(
    ("version", "words", "known"),
    [
        ("v1", "setup -P", ()),
        ("v2", "deploy -P", ()),
        ("v2", "redeploy -P", AGAIN),
        ("v3", "deploy -P", PRUNED_WITH_IMAGES),
        ("v2", "rollback v2", BACK),
        ("v2", "lock acquire -m maintenance", ()),
        ("v2", "lock release", ()),
    ],
)
def test_servers_are_left_alike(
    sides: Sides, version: str, words: str, known: tuple[Known, ...]
) -> None:
    sides.alike(words, version, known)


@pytest.mark.parametrize("words", ["details", "accessory details postgres"])
def test_the_same_is_printed(sides: Sides, words: str) -> None:
    kamal, kamalpy = sides.printed(words, "v3")
    assert kamal == kamalpy


def test_no_difference_is_known_that_there_is_not(sides: Sides) -> None:
    assert [each for each in KNOWN if each not in sides.met] == []
