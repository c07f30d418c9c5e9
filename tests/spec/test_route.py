"""Routes, and how the proxy's state file differs from them."""

from __future__ import annotations

import copy
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.config.proxy import ProxySection
from kamalpy.config.proxy_options import SECOND
from kamalpy.spec.route import Route

ENTRY: dict[str, Any] = {
    "name": "blog-web",
    "options": {
        "hosts": ["app.test"],
        "path_prefixes": ["/"],
        "tls_enabled": False,
        "tls_certificate_path": "",
        "tls_private_key_path": "",
        "tls_redirect": True,
        "canonical_host": "",
        "acme_directory": "",
        "acme_cache_path": "/home/kamal-proxy/.config/kamal-proxy/certs",
        "error_page_path": "",
        "strip_prefix": True,
        "writer_affinity_timeout": SECOND,
        "read_targets_accept_websockets": False,
    },
    "target_options": {
        "health_check_config": {
            "path": "/up",
            "port": 0,
            "interval": SECOND,
            "timeout": 5 * SECOND,
            "host": "",
        },
        "response_timeout": 30 * SECOND,
        "buffer_requests": True,
        "buffer_responses": True,
        "max_memory_buffer_size": 1048576,
        "max_request_body_size": 0,
        "max_response_body_size": 0,
        "log_request_headers": None,
        "log_response_headers": None,
        "forward_headers": True,
        "scope_cookie_paths": False,
    },
    "active_targets": ["0123456789ab:80"],
    "active_readers": [],
    "rollout_targets": None,
    "pause_controller": {"state": 0, "stop_message": "", "fail_after": 0},
}
ROUTE = Route(service="blog-web", hosts=("app.test",))
EVERYBODY = {"hosts": [""], "path_prefixes": ["/"]}

# what is written differently, and all that is said of it
CHANGES: list[tuple[dict[str, Any], list[str]]] = [
    ({"service": "other"}, []),
    ({"port": 3000}, ["target: 0123456789ab:80 -> 0123456789ab:3000"]),
    ({"hosts": ("a.test", "b.test")}, ["hosts: app.test -> a.test b.test"]),
    ({"hosts": ()}, ["hosts: app.test -> (none)"]),
    ({"path_prefixes": ("/api", "oauth/")}, ["path_prefixes: / -> /api /oauth"]),
    ({"path_prefixes": ("/",)}, []),
    ({"strip_path_prefix": False}, ["strip_prefix: true -> (none)"]),
    ({"strip_path_prefix": True}, []),
    ({"tls": True}, ["tls_enabled: (none) -> true", "forward_headers: true -> (none)"]),
    ({"tls_certificate": "/c.pem"}, ["tls_certificate_path: (none) -> /c.pem"]),
    ({"tls_private_key": "/k.pem"}, ["tls_private_key_path: (none) -> /k.pem"]),
    ({"tls_redirect": False}, ["tls_redirect: true -> (none)"]),
    ({"canonical_host": "app.test"}, ["canonical_host: (none) -> app.test"]),
    ({"health_interval": 2}, ["interval: 1000000000 -> 2000000000"]),
    ({"health_interval": 0.5}, ["interval: 1000000000 -> 500000000"]),
    ({"health_timeout": 10}, ["timeout: 5000000000 -> 10000000000"]),
    ({"health_path": "/health"}, ["path: /up -> /health"]),
    ({"health_port": 9000}, ["port: (none) -> 9000"]),
    ({"health_host": "app.test"}, ["host: (none) -> app.test"]),
    ({"response_timeout": 60}, ["response_timeout: 30000000000 -> 60000000000"]),
    ({"buffer_requests": False}, ["buffer_requests: true -> (none)"]),
    ({"buffer_responses": False}, ["buffer_responses: true -> (none)"]),
    ({"buffer_memory": 2}, ["max_memory_buffer_size: 1048576 -> 2"]),
    ({"max_request_body": 10}, ["max_request_body_size: (none) -> 10"]),
    ({"max_response_body": 10}, ["max_response_body_size: (none) -> 10"]),
    ({"forward_headers": False}, ["forward_headers: true -> (none)"]),
    ({"log_request_headers": ("A", "B")}, ["log_request_headers: (none) -> A B"]),
    ({"log_response_headers": ("C",)}, ["log_response_headers: (none) -> C"]),
    ({"error_pages": "/pages"}, ["error_page_path: (none) -> /pages"]),
    ({"deploy_timeout": 1}, []),
    ({"drain_timeout": 1}, []),
]


def said(route: Route, entry: dict[str, Any], target: str = "0123456789ab") -> list[str]:
    return [str(change) for change in route.drift(entry, target)]


def test_a_route_as_it_should_be() -> None:
    assert said(ROUTE, ENTRY) == []


@pytest.mark.parametrize(("written", "expected"), CHANGES, ids=str)
def test_one_thing_is_written_differently(written: dict[str, Any], expected: list[str]) -> None:
    assert expected == said(replace(ROUTE, **written), ENTRY)


def test_every_field_is_in_the_table() -> None:
    assert {field.name for field in fields(Route)} == {
        name for written, _ in CHANGES for name in written
    }


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        (["feedfeedfeed:80"], ["target: feedfeedfeed:80 -> 0123456789ab:80"]),
        (["a:80", "b:80"], ["target: a:80,b:80 -> 0123456789ab:80"]),
        ([], ["target: '' -> 0123456789ab:80"]),
        (None, ["target: '' -> 0123456789ab:80"]),
    ],
)
def test_another_target(targets: list[str] | None, expected: list[str]) -> None:
    assert expected == said(ROUTE, {**ENTRY, "active_targets": targets})


def test_an_older_proxy_that_keeps_less() -> None:
    entry = copy.deepcopy(ENTRY)
    del entry["options"]["canonical_host"]
    del entry["target_options"]["health_check_config"]["host"]

    assert said(ROUTE, entry) == []
    assert said(ROUTE, {"name": "blog-web", "active_targets": ["0123456789ab:80"]}) == []


def test_below_a_path_the_service_at_the_root_decides_about_tls() -> None:
    entry = copy.deepcopy(ENTRY)
    entry["options"] |= {"path_prefixes": ["/api"], "tls_enabled": True, "tls_redirect": False}

    assert said(replace(ROUTE, path_prefixes=("/api",)), entry) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("acme_directory", "https://acme.test"),
        ("writer_affinity_timeout", 0),
        ("read_targets_accept_websockets", True),
    ],
)
def test_what_no_deploy_yml_says_stays(key: str, value: object) -> None:
    entry = copy.deepcopy(ENTRY)
    entry["options"][key] = value

    assert said(ROUTE, entry) == []


NAME = st.text(min_size=1)
SECONDS = st.integers(1, 3600).map(lambda number: number * SECOND) | st.just(SECOND // 2)


@st.composite
def entries(draw: st.DrawFn) -> dict[str, Any]:
    """Anything that the proxy may keep of a service."""
    prefixes = st.lists(st.from_regex(r"/[a-z]+", fullmatch=True), min_size=1)
    options = {
        "hosts": draw(st.lists(NAME, min_size=1) | st.just([""])),
        "path_prefixes": draw(prefixes | st.just(["/"])),
        "strip_prefix": draw(st.booleans()),
        "canonical_host": draw(st.just("") | NAME),
        "error_page_path": draw(st.just("") | NAME),
        "tls_certificate_path": draw(st.just("") | NAME),
        "tls_private_key_path": draw(st.just("") | NAME),
        "tls_enabled": draw(st.booleans()),
        "tls_redirect": draw(st.booleans()),
    }
    health = {
        "path": draw(NAME),
        "port": draw(st.integers(0, 65535)),
        "interval": draw(SECONDS),
        "timeout": draw(SECONDS),
        "host": draw(st.just("") | NAME),
    }
    headers = st.none() | st.lists(NAME, min_size=1)
    target_options = {
        "health_check_config": health,
        "response_timeout": draw(SECONDS),
        "buffer_requests": draw(st.booleans()),
        "buffer_responses": draw(st.booleans()),
        "max_memory_buffer_size": draw(st.integers(1)),
        "max_request_body_size": draw(st.integers(0)),
        "max_response_body_size": draw(st.integers(0)),
        "log_request_headers": draw(headers),
        "log_response_headers": draw(headers),
        "forward_headers": draw(st.booleans()),
    }
    return {
        "name": draw(NAME),
        "options": options,
        "target_options": target_options,
        "active_targets": ["0123456789ab:80"],
    }


@given(entries())
def test_a_stored_route_can_be_restored(entry: dict[str, Any]) -> None:
    route = Route.from_state(entry)

    assert route.service == entry["name"]
    assert said(route, entry) == []


def test_a_section_of_deploy_yml() -> None:
    section = ProxySection.model_validate(
        {
            "hosts": ["a.test", "b.test"],
            "app_port": 3000,
            "ssl": True,
            "ssl_redirect": False,
            "forward_headers": True,
            "response_timeout": 10,
            "path_prefix": "/api",
            "strip_path_prefix": False,
            "healthcheck": {"interval": 3, "path": "/health", "timeout": 4},
            "buffering": {
                "requests": False,
                "responses": False,
                "max_request_body": 40,
                "max_response_body": 50,
                "memory": 60,
            },
            "logging": {"request_headers": ["A"], "response_headers": ["B"]},
        }
    )

    assert Route.from_section(section, "blog-web", deploy_timeout=7, health_port=9) == Route(
        service="blog-web",
        port=3000,
        hosts=("a.test", "b.test"),
        path_prefixes=("/api",),
        strip_path_prefix=False,
        tls=True,
        tls_redirect=False,
        health_interval=3,
        health_timeout=4,
        health_path="/health",
        health_port=9,
        response_timeout=10,
        buffer_requests=False,
        buffer_responses=False,
        buffer_memory=60,
        max_request_body=40,
        max_response_body=50,
        forward_headers=True,
        log_request_headers=("A",),
        log_response_headers=("B",),
        deploy_timeout=7,
    )


@pytest.mark.parametrize(
    ("route", "options", "conflict"),
    [
        (ROUTE, ENTRY["options"], ("app.test", "shop")),
        (replace(ROUTE, hosts=("other.test",)), ENTRY["options"], None),
        (replace(ROUTE, hosts=("other.test", "app.test")), ENTRY["options"], ("app.test", "shop")),
        (replace(ROUTE, path_prefixes=("/api/",)), ENTRY["options"], None),
        (
            replace(ROUTE, path_prefixes=("/api/",)),
            {"hosts": ["app.test"], "path_prefixes": ["/", "/api"]},
            ("app.test/api", "shop"),
        ),
        (replace(ROUTE, hosts=()), EVERYBODY, ("/", "shop")),
        (ROUTE, EVERYBODY, None),
        (ROUTE, {}, None),
    ],
)
def test_what_another_service_has_already(
    route: Route, options: dict[str, Any], conflict: tuple[str, str] | None
) -> None:
    assert route.conflict({"shop": {"name": "shop", "options": options}}) == conflict


def test_its_own_route_is_nobody_elses() -> None:
    assert ROUTE.conflict({"blog-web": ENTRY}) is None
