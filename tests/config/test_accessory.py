"""``accessories``: names, ports, mounts, hosts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kamalpy.config import (
    Accessory,
    AccessoryDirectory,
    AccessoryFile,
    Configuration,
    Registry,
    SecretName,
)

Deploy = Callable[..., Configuration]


def accessory(deploy: Deploy, text: str, servers: str = "[a]") -> Accessory:
    found = deploy(f"servers: {servers}\naccessories: {{db: {{image: i, {text}}}}}\n").accessory(
        "db"
    )
    assert found is not None
    return found


def test_defaults(deploy: Deploy) -> None:
    assert accessory(deploy, "host: a") == Accessory(
        name="db",
        service_name="blog-db",
        image="i",
        hosts=("a",),
        logging=deploy().logging,
    )


VALUES: list[tuple[str, str, Any]] = [
    ("service: other", "service_name", "other"),
    ("port: 3306", "port", "3306:3306"),
    ("port: '6379:6379'", "port", "6379:6379"),
    ("port: 127.0.0.1:5432:5432", "port", "127.0.0.1:5432:5432"),
    ("registry: {}", "registry", None),
    ("network: other", "network", "other"),
    ("options: {restart: always, cpus: 2, memory: 2GB}", "options", {"cpus": "2", "memory": "2GB"}),
    ("options: {restart: always}", "restart", "always"),
    ("files: ['a:/b']", "files", (AccessoryFile("a", "/b"),)),
    ("files: ['a:/b:ro,z']", "files", (AccessoryFile("a", "/b", options="ro,z"),)),
    (
        "files: [{local: a, remote: /b, mode: 0640}]",
        "files",
        (AccessoryFile("a", "/b", mode="0640"),),
    ),
    (
        "files: [{local: a, remote: /b, mode: 640, owner: 999}]",
        "files",
        (AccessoryFile("a", "/b", mode="640", owner="999"),),
    ),
    ("directories: ['a:/b']", "directories", (AccessoryDirectory("a", "/b"),)),
    ("directories: ['/x:/b:z']", "directories", (AccessoryDirectory("/x", "/b", options="z"),)),
]


@pytest.mark.parametrize(("text", "key", "value"), VALUES)
def test_values(deploy: Deploy, text: str, key: str, value: Any) -> None:
    assert getattr(accessory(deploy, f"host: a, {text}"), key) == value


def test_the_image_of_another_registry(deploy: Deploy) -> None:
    found = accessory(deploy, "host: a, registry: {server: r:5000, username: u, password: [P]}")
    assert found.image == "r:5000/i"
    assert found.registry == Registry("r:5000", "u", SecretName("P"))


ROLES = "{web: [a: [x, y], b: y], job: {hosts: [c: y, a]}}"
WHERE = [
    ("host: z", ("z",)),
    ("hosts: [z, y, z]", ("z", "y")),
    ("hosts: [z: tag]", ("z",)),
    ("role: job", ("c", "a")),
    ("roles: [web, job]", ("a", "b", "c")),
    ("tag: x", ("a",)),
    ("tag: y", ("c", "a", "b")),
    ("tags: [x, y]", ("a", "c", "b")),
    ("tag: nope", ()),
]


@pytest.mark.parametrize(("text", "hosts"), WHERE)
def test_hosts(deploy: Deploy, text: str, hosts: tuple[str, ...]) -> None:
    assert accessory(deploy, text, ROLES).hosts == hosts


def test_tags_in_a_list_of_servers(deploy: Deploy) -> None:
    assert accessory(deploy, "tag: x", "[a: x, b: [y, x], c]").hosts == ("a", "b")


def test_accessories_keep_their_order(deploy: Deploy) -> None:
    config = deploy("accessories: {z: {image: i, host: a}, b: {image: i, host: a}}\n")
    assert [found.name for found in config.accessories] == ["z", "b"]
    assert config.accessory("nobody") is None
