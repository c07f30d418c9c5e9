"""What is on a host, typed."""

from __future__ import annotations

from typing import Any

import pytest

from kamalpy.spec.digest import digest
from kamalpy.spec.state import Container, File, HostState, Image, Lock, familiar


def container(name: str, created: str = "", **labels: str) -> dict[str, Any]:
    inspect = {
        "Id": "0123456789abcdef",
        "Name": f"/{name}",
        "Image": "sha256:1",
        "Created": created,
        "Config": {"Labels": labels},
    }
    return {"inspect": inspect}


def test_everything_that_a_host_says() -> None:
    state = HostState.from_facts(
        {
            "docker": "28.2.2",
            "home": "/root",
            "containers": [
                {**container("blog"), "env": {"A": "1"}, "hidden": {"B": "2"}, "brought": ["A"]}
            ],
            "images": [{"id": "sha256:1", "tags": ["a:1"], "digests": None, "config": None}],
            "networks": ["kamal"],
            "logins": {"registry.test": "abc"},
            "routes": [{"name": "blog-web", "options": {}}],
            "files": {"e": {"kind": "file", "mode": "600", "owner": "a:b 1:2", "digest": "f"}},
            "lock": {"details": "Locked by: ann", "owner": "dead"},
            "proxy_options": {"image": "x"},
        },
        "key",
    )

    assert state == HostState(
        docker="28.2.2",
        home="/root",
        containers=(
            Container(container("blog")["inspect"], {"A": "1"}, {"B": "2"}, frozenset({"A"})),
        ),
        images=(Image("sha256:1", ("a:1",)),),
        networks=("kamal",),
        logins={"registry.test": "abc"},
        routes={"blog-web": {"name": "blog-web", "options": {}}},
        files={"e": File("file", "600", "a:b 1:2", "f")},
        lock=Lock("Locked by: ann", "dead"),
        proxy_options={"image": "x"},
        key="key",
    )


def test_a_host_that_says_nothing() -> None:
    assert HostState.from_facts({}) == HostState()
    assert HostState.from_facts({"docker": "absent", "routes": None, "lock": None}) == HostState(
        "absent"
    )


def test_a_container() -> None:
    found = Container(container("blog-web-v1", role="web")["inspect"])

    assert (found.id, found.target) == ("0123456789abcdef", "0123456789ab")
    assert (found.name, found.image, found.labels) == ("blog-web-v1", "sha256:1", {"role": "web"})
    assert (found.host_config, found.networks, found.status) == ({}, {}, "")


@pytest.mark.parametrize(
    ("status", "health", "is_running"),
    [
        ("running", None, True),
        ("running", "healthy", True),
        ("running", "starting", True),
        ("running", "unhealthy", False),
        ("restarting", None, False),
        ("paused", None, False),
        ("exited", "healthy", False),
        ("created", None, False),
        ("dead", None, False),
    ],
)
def test_is_running(status: str, health: str | None, is_running: bool) -> None:
    found = Container({"State": {"Status": status}, "Health": health})

    assert found.is_running is is_running


def test_finds_containers_by_name_and_label() -> None:
    state = HostState.from_facts(
        {
            "containers": [
                container("v1", "2026-01-01T00:00:00.1Z", service="blog", role="web"),
                container("job", "2026-01-03T00:00:00Z", service="blog", role="job"),
                container("v2", "2026-01-02T00:00:00Z", service="blog", role="web"),
                container("other"),
            ]
        }
    )

    newest_first = [each.name for each in state.labelled(service="blog", role="web")]
    assert newest_first == ["v2", "v1"]
    assert state.container("v1") == state.containers[0]
    assert state.container("v") is None


IMAGE = {
    "id": "sha256:1",
    "tags": ["postgres:15", "r.test:5000/a:latest"],
    "digests": ["a@sha256:2"],
}


@pytest.mark.parametrize(
    ("reference", "is_found"),
    [
        ("postgres:15", True),
        ("library/postgres:15", True),
        ("docker.io/library/postgres:15", True),
        ("index.docker.io/library/postgres:15", True),
        ("postgres", False),
        ("postgres:1", False),
        ("r.test:5000/a", True),
        ("r.test:5000/a:latest", True),
        ("r.test/a", False),
        ("a@sha256:2", True),
        ("sha256:1", True),
        ("sha256:2", False),
    ],
)
def test_finds_an_image(reference: str, is_found: bool) -> None:
    state = HostState.from_facts({"images": [IMAGE]})

    assert (state.image(reference) is not None) is is_found


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("nginx", "nginx:latest"),
        ("nginx:1", "nginx:1"),
        ("docker.io/acme/blog", "acme/blog:latest"),
        ("localhost:5000/blog", "localhost:5000/blog:latest"),
        ("library/nginx@sha256:1", "nginx@sha256:1"),
    ],
)
def test_familiar(reference: str, expected: str) -> None:
    assert familiar(reference) == expected


def test_makes_digests_with_its_own_key() -> None:
    assert HostState(key="a").digest(b"x") == digest("a", b"x")
    assert HostState.from_facts({"key": "b"}, "a").digest(b"x") == digest("b", b"x")
