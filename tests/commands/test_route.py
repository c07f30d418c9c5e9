"""Words of ``kamal-proxy deploy``."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamalpy.commands import route
from kamalpy.spec.route import Route

EVERYTHING = Route(
    service="blog-web",
    port=3000,
    hosts=("a.test", "b.test"),
    path_prefixes=("/api", "/oauth"),
    strip_path_prefix=False,
    tls=True,
    tls_certificate="/c.pem",
    tls_private_key="/k.pem",
    tls_redirect=False,
    canonical_host="a.test",
    health_interval=1.5,
    health_timeout=5,
    health_path="/up",
    health_port=9000,
    health_host="a.test",
    response_timeout=60,
    buffer_memory=1,
    max_request_body=2,
    max_response_body=3,
    forward_headers=True,
    log_request_headers=("A", "B"),
    log_response_headers=("C",),
    error_pages="/pages",
    deploy_timeout=30,
    drain_timeout=0,
)
OPTIONS = [
    "--host=a.test",
    "--host=b.test",
    "--tls",
    "--tls-certificate-path=/c.pem",
    "--tls-private-key-path=/k.pem",
    "--deploy-timeout=30s",
    "--drain-timeout=0s",
    "--health-check-interval=1.5s",
    "--health-check-timeout=5s",
    "--health-check-path=/up",
    "--health-check-port=9000",
    "--health-check-host=a.test",
    "--target-timeout=60s",
    "--buffer-requests=true",
    "--buffer-responses=true",
    "--buffer-memory=1",
    "--max-request-body=2",
    "--max-response-body=3",
    "--path-prefix=/api",
    "--path-prefix=/oauth",
    "--strip-path-prefix=false",
    "--forward-headers=true",
    "--tls-redirect=false",
    "--canonical-host=a.test",
    "--log-request-header=A",
    "--log-request-header=B",
    "--log-response-header=C",
    "--error-pages=/pages",
]
DEFAULTS = [
    "--deploy-timeout=30s",
    "--drain-timeout=30s",
    "--buffer-requests=true",
    "--buffer-responses=true",
]


def test_everything_is_said(sh: Any) -> None:
    assert sh.words(route.to_container(EVERYTHING, "blog-web-v1")) == [
        *("route", "name=blog-web-v1", "service=blog-web", "port=3000", "--"),
        *OPTIONS,
    ]


def test_every_field_is_said() -> None:
    assert all(getattr(EVERYTHING, each.name) not in (None, ()) for each in fields(Route))


def test_nothing_is_said(sh: Any) -> None:
    assert sh.words(route.to_container(Route(service="blog"), "blog-v1")) == [
        *("route", "name=blog-v1", "service=blog", "port=80", "--"),
        *DEFAULTS,
    ]


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        (["abc:80"], ["--target=abc:80"]),
        (["abc:80", "def:81"], ["--target=abc:80", "--target=def:81"]),
    ],
)
def test_back_to_what_served_before(sh: Any, targets: list[str], words: list[str]) -> None:
    assert sh.words(route.back_to("blog-web", EVERYTHING, targets)) == [
        *("docker", "exec", "kamal-proxy", "kamal-proxy", "deploy", "blog-web"),
        *words,
        *OPTIONS,
    ]


def test_back_to_nothing() -> None:
    assert route.back_to("a b", None, []).get_raw_value() == (
        "docker exec kamal-proxy kamal-proxy remove 'a b'"
    )


@settings(max_examples=40)
@given(data=st.data())
def test_every_word_arrives(sh: Any, nasty: st.SearchStrategy[str], data: st.DataObject) -> None:
    several = st.lists(nasty, max_size=2).map(tuple)
    to = Route(
        service=data.draw(nasty),
        hosts=data.draw(several),
        path_prefixes=data.draw(several),
        tls_certificate=data.draw(nasty),
        tls_private_key=data.draw(nasty),
        canonical_host=data.draw(nasty),
        health_path=data.draw(nasty),
        health_host=data.draw(nasty),
        log_request_headers=data.draw(several),
        log_response_headers=data.draw(several),
        error_pages=data.draw(nasty),
    )
    container = data.draw(nasty)

    assert sh.words(route.to_container(to, container)) == [
        *("route", f"name={container}", f"service={to.service}", "port=80", "--"),
        *(f"--host={each}" for each in to.hosts),
        f"--tls-certificate-path={to.tls_certificate}",
        f"--tls-private-key-path={to.tls_private_key}",
        *DEFAULTS[:2],
        f"--health-check-path={to.health_path}",
        f"--health-check-host={to.health_host}",
        *DEFAULTS[2:],
        *(f"--path-prefix={each}" for each in to.path_prefixes),
        f"--canonical-host={to.canonical_host}",
        *(f"--log-request-header={each}" for each in to.log_request_headers),
        *(f"--log-response-header={each}" for each in to.log_response_headers),
        f"--error-pages={to.error_pages}",
    ]
