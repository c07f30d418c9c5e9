"""``proxy``: forms, defaults, and what a role inherits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kamalpy.config import Configuration, ProxySection

Deploy = Callable[..., Configuration]


def test_defaults(deploy: Deploy) -> None:
    config = deploy()
    assert config.proxy is None
    proxy = config.primary_role.proxy
    assert proxy == ProxySection()
    assert proxy is not None
    assert (proxy.hosts, proxy.app_port, proxy.ssl, proxy.run) == ((), 80, False, None)
    assert proxy.buffering.model_dump() == {
        "requests": True,
        "responses": True,
        "max_request_body": None,
        "max_response_body": None,
        "memory": None,
    }
    assert proxy.logging.request_headers == ("Cache-Control", "Last-Modified", "User-Agent")
    assert proxy.logging.response_headers == ()


VALUES = [
    ("host: a", "hosts", ("a",)),
    ("host: 'a,b'", "hosts", ("a", "b")),
    ("host: 'a, b,'", "hosts", ("a", "b")),
    ("hosts: [a, b]", "hosts", ("a", "b")),
    ("path_prefix: '/a,/b'", "path_prefixes", ("/a", "/b")),
    ("path_prefixes: [/a]", "path_prefixes", ("/a",)),
    ("ssl: true, host: a", "tls", True),
    ("ssl: true, host: a", "custom_certificate", False),
    ("ssl: {}, host: a", "tls", True),
    ("ssl: {certificate_pem: A, private_key_pem: B}, host: a", "custom_certificate", True),
    ("ssl: {certificate_pem: [A], private_key_pem: [B]}, host: a", "certificate_pem", "A"),
    ("ssl: {certificate_pem: , private_key_pem: ''}, host: a", "custom_certificate", False),
    ("run: {}", "run", None),
    ("forward_headers: false", "forward_headers", False),
]


@pytest.mark.parametrize(("text", "key", "value"), VALUES)
def test_values(deploy: Deploy, text: str, key: str, value: Any) -> None:
    assert getattr(deploy(f"proxy: {{{text}}}\n").proxy, key) == value


def test_an_explicit_empty_list_of_headers_logs_none(deploy: Deploy) -> None:
    proxy = deploy("proxy: {logging: {request_headers: []}}\n").proxy
    assert proxy is not None
    assert proxy.logging.request_headers == ()


IMAGES = [
    ("http_port: 80", "basecamp/kamal-proxy:v0.9.2"),
    ("version: v1", "basecamp/kamal-proxy:v1"),
    ("repository: a/b", "a/b:v0.9.2"),
    ("registry: r:5000", "r:5000/basecamp/kamal-proxy:v0.9.2"),
]


@pytest.mark.parametrize(("text", "image"), IMAGES)
def test_the_proxys_own_image(deploy: Deploy, text: str, image: str) -> None:
    proxy = deploy(f"proxy: {{run: {{{text}}}}}\n").proxy
    assert proxy is not None
    assert proxy.run is not None
    assert proxy.run.image == image


ROLES = [
    ("web: [a]", "web", True),
    ("web: {hosts: [a]}", "web", True),
    ("web: {hosts: [a], proxy: true}", "web", True),
    ("web: {hosts: [a], proxy: {}}", "web", True),
    ("web: {hosts: [a], proxy: false}", "web", False),
    ("web: [a], job: [b]", "job", False),
    ("web: [a], job: {hosts: [b]}", "job", False),
    ("web: [a], job: {hosts: [b], proxy: true}", "job", True),
    ("web: [a], job: {hosts: [b], proxy: {}}", "job", True),
    ("web: [a], job: {hosts: [b], proxy: false}", "job", False),
]


@pytest.mark.parametrize(("servers", "role", "proxied"), ROLES)
def test_which_roles_are_behind_the_proxy(
    deploy: Deploy, servers: str, role: str, proxied: bool
) -> None:
    found = deploy(f"servers: {{{servers}}}\n").role(role)
    assert found is not None
    assert (found.proxy is not None) == proxied


def test_a_role_lays_its_keys_over_the_roots(deploy: Deploy) -> None:
    config = deploy(
        "proxy: {host: a, app_port: 3000, healthcheck: {path: /up, interval: 3}}\n"
        "servers: {web: [h], api: {hosts: [h], proxy: {host: b, healthcheck: {path: /health}}}}\n"
    )
    api = config.role("api")
    assert api is not None
    assert api.proxy is not None
    assert (api.proxy.hosts, api.proxy.app_port) == (("b",), 3000)
    assert (api.proxy.healthcheck.path, api.proxy.healthcheck.interval) == ("/health", 3)
    assert config.primary_role.proxy == config.proxy


def test_an_accessory_inherits_nothing(deploy: Deploy) -> None:
    config = deploy(
        "proxy: {host: a, app_port: 3000}\n"
        "accessories: {x: {image: i, host: h, proxy: {host: b}}}\n"
    )
    accessory = config.accessory("x")
    assert accessory is not None
    assert accessory.proxy == ProxySection(host="b")


OFF = ["false", "{}"]


@pytest.mark.parametrize("value", OFF)
def test_an_accessory_without_a_proxy(deploy: Deploy, value: str) -> None:
    accessory = deploy(f"accessories: {{x: {{image: i, host: h, proxy: {value}}}}}\n").accessory(
        "x"
    )
    assert accessory is not None
    assert accessory.proxy is None
