"""One container that is as it should be; tests change one thing about it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kamalpy.secrets import Secret
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.state import Container, HostState

KEY = "key"


@pytest.fixture
def spec() -> ContainerSpec:
    """The container of blog.json, before it was words."""
    return ContainerSpec(
        name="blog-web-v1",
        image="registry.example.com/acme/blog:v1",
        command=("bin/rails", "server", "-b", "0.0.0.0"),
        env={"RAILS_ENV": "production", "GREETING": "hello root!"},
        secrets={
            "DATABASE_URL": Secret.of("DATABASE_URL", "postgres://blog:hunter2@db"),
            "KEY": Secret.of("KEY", "-----BEGIN\nabc\n-----END\n"),
        },
        env_file=".kamal/apps/blog/env/roles/web.env",
        volumes=(
            "uploads:/rails/uploads",
            "$PWD/.kamal/apps/blog/assets/volumes/web-v1:/rails/public",
        ),
        ports=("127.0.0.1:18080:3000",),
        labels={"service": "blog", "role": "web", "destination": "", "motto": "it's root"},
        hostname="h1-",
        log_driver="json-file",
        log_options={"max-size": "10m"},
        options={"memory": "512m", "cpus": 1.5, "tmpfs": "/scratch:size=1m"},
    )


@pytest.fixture
def told() -> dict[str, Any]:
    """What a host said after that container was run on it."""
    text = (Path(__file__).parent / "blog.json").read_text()
    read: dict[str, Any] = json.loads(text)
    return read


@pytest.fixture
def state(told: dict[str, Any]) -> HostState:
    return HostState.from_facts(told, KEY)


@pytest.fixture
def container(state: HostState) -> Container:
    return state.containers[0]


@pytest.fixture
def host_with(told: dict[str, Any]) -> Callable[..., HostState]:
    """Make a state whose container is a little different, ``Config={"User": "root"}``."""

    def with_changes(hidden: dict[str, str] | None = None, **parts: dict[str, Any]) -> HostState:
        facts = copy.deepcopy(told)
        facts["containers"][0]["hidden"].update(hidden or {})
        for part, changes in parts.items():
            facts["containers"][0]["inspect"][part].update(changes)
        return HostState.from_facts(facts, KEY)

    return with_changes


@pytest.fixture
def made_by_kamal(told: dict[str, Any]) -> HostState:
    """The same container without our label: Kamal has run it."""
    facts = copy.deepcopy(told)
    del facts["containers"][0]["inspect"]["Config"]["Labels"]["kamalpy.spec"]
    return HostState.from_facts(facts, KEY)
