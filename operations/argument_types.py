"""Types of arguments that are sections of deploy.yml, for editors and type checkers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from pyinfra.api import hiddenvalue


class HiddenValue(hiddenvalue.HiddenValue):
    """pyinfra's ``HiddenValue``, with types: it is printed as ``*MASKED*``."""

    def __init__(self, content: str) -> None:
        super().__init__(content)  # type: ignore[no-untyped-call]


class Certificate(TypedDict):
    """A certificate of your own, by the names of its secrets."""

    certificate_pem: str
    private_key_pem: str


class Healthcheck(TypedDict, total=False):
    """``proxy/healthcheck``."""

    interval: int
    timeout: int
    path: str


class Buffering(TypedDict, total=False):
    """``proxy/buffering``."""

    requests: bool
    responses: bool
    memory: int
    max_request_body: int
    max_response_body: int


class ProxyLogging(TypedDict, total=False):
    """``proxy/logging``."""

    request_headers: Sequence[str]
    response_headers: Sequence[str]


class Proxy(TypedDict, total=False):
    """``proxy``, without ``run``: how requests reach a container."""

    host: str
    hosts: Sequence[str]
    app_port: int
    ssl: bool | Certificate
    ssl_redirect: bool
    path_prefix: str
    path_prefixes: Sequence[str]
    strip_path_prefix: bool
    response_timeout: int
    forward_headers: bool
    healthcheck: Healthcheck
    buffering: Buffering
    logging: ProxyLogging


class Health(TypedDict, total=False):
    """``x-kamalpy/health``: where the health check of the proxy is sent."""

    host: str
    port: int


class Logging(TypedDict, total=False):
    """``logging``: where Docker sends what a container prints."""

    driver: str
    options: dict[str, str]
