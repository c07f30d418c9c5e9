"""Destinations and two apps on one server, by Kamal and by kamalpy: what they leave is the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from fleet.registry import Registry
from lab import configurations
from lab.differences import ALONE, BESIDE, STOPPED, Known
from lab.project import Project
from lab.servers import Images, Servers
from lab.sides import Configs, Sides, take_sides


def configs(address: str, registry: Registry) -> Configs:
    """One app in two destinations."""
    base = {
        **plain(address, registry),
        "aliases": {"ship": "redeploy -P"},
        "require_destination": True,
    }
    return {"": base, "staging": beside("staging"), "production": beside("production")}


def plain(address: str, registry: Registry) -> dict[str, Any]:
    """Take what any app needs."""
    first = configurations.first(address, registry)
    kept = ("service", "image", "servers", "proxy", "registry", "builder", "env")
    return {**{key: first[key] for key in kept}, "readiness_delay": 1, "drain_timeout": 2}


def beside(destination: str) -> dict[str, Any]:
    """Make a destination with a host name of its own."""
    host = f"{destination}.example.com"
    return {
        "proxy": {"host": host, "app_port": 8080},
        "env": {"clear": {"STAGE": destination}, "secret": ["XAI_API_KEY"]},
    }


def blog(address: str, registry: Registry) -> dict[str, Any]:
    """Another app."""
    return {
        **plain(address, registry),
        "service": "blog",
        "image": "acme/blog",
        "proxy": {"hosts": ["blog.example.com", "example.com"], "app_port": 8080},
        "env": {"clear": {"TITLE": "on $5 a day"}},
    }


@pytest.fixture(scope="module")
def sides(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Sides:
    """Two fresh servers, and two apps for each."""
    images.app("v1")
    images.app("v2")
    images.app("v1", service="blog", name="acme/blog")
    secrets = configurations.secrets(registry)
    sides = take_sides(fleet, new_project, lambda address: configs(address, registry), secrets)
    for side in sides:
        side.project.secrets(secrets, "-common")
        side.project.write("config/blog.yml", yaml.safe_dump(blog(side.host.address, registry)))
    return sides


@pytest.mark.parametrize(
    ("version", "words", "known"),
    [
        ("v1", "setup -P -d staging", ()),
        ("v1", "setup -P -d production", BESIDE),
        ("v1", "setup -P -c config/blog.yml", ()),
        ("v2", "ship -d production", ()),
        ("v2", "lock acquire -m wait -d staging", ()),
        ("v2", "lock release -d staging", ()),
        ("v2", "app stop -d staging", ()),
        ("v2", "prune all -d production", ()),
        ("v2", "app remove -d staging", ALONE),
        ("v1", "remove -y -c config/blog.yml", ()),
        ("v2", "remove -y -d production", STOPPED),
    ],
)
def test_servers_are_left_alike(
    sides: Sides, version: str, words: str, known: tuple[Known, ...]
) -> None:
    sides.alike(words, version, known)
