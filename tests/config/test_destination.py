"""What a destination's file changes."""

from __future__ import annotations

from collections.abc import Callable

from kamalpy.config import Configuration

Deploy = Callable[..., Configuration]


def test_hashes_are_merged_and_all_else_is_replaced(deploy: Deploy) -> None:
    config = deploy(
        "servers: {web: [a, b], jobs: [c]}\nvolumes: [a, b]\nenv: {clear: {A: 1, B: 2}}\n",
        staging="servers: {web: [d]}\nvolumes: [c]\nenv: {clear: {B: 3, C: 4}}\n",
    )
    assert config.hosts == ("c", "d")
    assert config.volumes == ("c",)
    assert config.env.clear == {"A": "1", "B": "3", "C": "4"}


def test_a_list_of_servers_replaces_roles(deploy: Deploy) -> None:
    config = deploy("servers: {web: [a], jobs: [b]}\n", staging="servers: [c]\n")
    assert [(role.name, role.hosts) for role in config.roles] == [("web", ("c",))]


def test_an_empty_hash_changes_nothing(deploy: Deploy) -> None:
    assert deploy(staging="{}\n").service == "blog"


def test_anchors_are_those_of_their_own_file(deploy: Deploy) -> None:
    config = deploy(
        "x-env: &env {A: base}\nenv: *env\n", staging="x-env: &env {B: staging}\nenv: {<<: *env}\n"
    )
    assert config.env.clear == {"A": "base", "B": "staging"}


def test_a_required_destination(deploy: Deploy) -> None:
    config = deploy("require_destination: true\n", staging="{}\n")
    assert (config.require_destination, config.destination) == (True, "staging")
