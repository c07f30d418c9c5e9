"""``servers``: forms of a role, and what it inherits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kamalpy.config import Configuration

Deploy = Callable[..., Configuration]


def test_options(deploy: Deploy) -> None:
    role = deploy(
        "servers: {web: {hosts: [a], options: {a: b, c: 5, d: true, e: false, f: , g: [h, 1], "
        "restart: always}}}\n"
    ).primary_role
    assert role.options == {"a": "b", "c": "5", "d": True, "e": "false", "f": True, "g": ("h", "1")}
    assert role.restart == "always"


RESTARTS = ["'no'", "always", "unless-stopped", "on-failure", "on-failure:3"]


@pytest.mark.parametrize("policy", RESTARTS)
def test_restart(deploy: Deploy, policy: str) -> None:
    text = f"servers: {{web: {{hosts: [a], options: {{restart: {policy}}}}}}}\n"
    assert deploy(text).primary_role.restart == policy.strip("'")


def test_labels_of_the_root_and_of_the_role(deploy: Deploy) -> None:
    config = deploy(
        "labels: {a: 1, b: 2, service: other}\nservers: {web: {hosts: [h], labels: {b: 3}}}\n"
    )
    assert config.primary_role.labels == {"a": "1", "b": "3"}


LOGGING = [
    ("", "{}", (None, {"max-size": "10m"})),
    ("logging: {driver: local}", "{}", ("local", {})),
    ("logging: {driver: local}", "{options: {a: 1}}", ("local", {"a": "1"})),
    ("logging: {options: {a: 1, b: 2}}", "{options: {b: 3}}", (None, {"a": "1", "b": "3"})),
    ("logging: {driver: local}", "{driver: none}", ("none", {})),
    ("logging: {driver: false}", "{}", (None, {"max-size": "10m"})),
]


@pytest.mark.parametrize(("root", "role", "expected"), LOGGING)
def test_logging(deploy: Deploy, root: str, role: str, expected: tuple[Any, Any]) -> None:
    text = f"{root}\nservers: {{web: {{hosts: [a], logging: {role}}}}}\n"
    logging = deploy(text).primary_role.logging
    assert (logging.driver, logging.options) == expected


ASSETS = [
    ("asset_path: /p", "", ("/p", None)),
    ("asset_path: /p:z", "", ("/p", "z")),
    ("asset_path: /p:ro,z", "", ("/p", "ro,z")),
    ("asset_path: /p", "asset_path: /q:ro", ("/q", "ro")),
    ("", "asset_path: /q", ("/q", None)),
    ("", "", (None, None)),
    ("asset_path: ''", "", (None, None)),
]


@pytest.mark.parametrize(("root", "role", "expected"), ASSETS)
def test_assets(deploy: Deploy, root: str, role: str, expected: tuple[Any, Any]) -> None:
    found = deploy(f"{root}\nservers: {{web: {{hosts: [a], {role}}}}}\n").primary_role
    assert (found.asset_path, found.asset_options) == expected


TIMEOUTS = [("", "", None), ("45", "", 45), ("45", "60", 60), ("", "60", 60)]


@pytest.mark.parametrize(("root", "role", "expected"), TIMEOUTS)
def test_stop_timeout(deploy: Deploy, root: str, role: str, expected: int | None) -> None:
    above = f"stop_timeout: {root}\n" if root else ""
    below = f", stop_timeout: {role}" if role else ""
    config = deploy(f"{above}servers: {{web: {{hosts: [a]{below}}}}}\n")
    assert config.primary_role.stop_timeout == expected


def test_the_last_mention_of_a_host_gives_its_tags(deploy: Deploy) -> None:
    role = deploy("servers: [a: x, b, a: y]\nenv: {tags: {x: {}, y: {}}}\n").primary_role
    assert role.hosts == ("a", "b")
    assert role.tags("a") == ("y",)
    assert role.tags("nobody") == ()


def test_empty_roles(deploy: Deploy) -> None:
    config = deploy("servers: {web: [a], jobs: {cmd: x}}\nallow_empty_roles: true\n")
    jobs = config.role("jobs")
    assert jobs is not None
    assert jobs.hosts == ()


def test_another_primary_role(deploy: Deploy) -> None:
    config = deploy("servers: {b: [x], a: [y], app: [z]}\nprimary_role: app\n")
    assert [role.name for role in config.roles] == ["app", "a", "b"]
    assert [role.primary for role in config.roles] == [True, False, False]
    assert config.primary_host == "z"
