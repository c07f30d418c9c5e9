"""Words of kamal-proxy that say where requests of a service go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyinfra.api.command import StringCommand

from kamalpy.commands.base import Word, joined, proxy, quoted, script
from kamalpy.spec.route import Route


def back_to(service: str, route: Route | None, targets: Iterable[str]) -> StringCommand:
    """Route a service as it was: to its targets of old, or to nothing if it had no route."""
    if route is None:
        return proxy("remove", quoted(service))
    to = (joined("--target=", quoted(target)) for target in targets)
    return proxy("deploy", quoted(service), *to, *options(route))


def to_container(route: Route, container: str) -> StringCommand:
    """Route a service to a container, found by its name."""
    return script(
        "route", quoted(container), quoted(route.service), quoted(route.port), *options(route)
    )


def options(route: Route) -> tuple[Word, ...]:
    """Spell the options of ``kamal-proxy deploy`` but for its target, in Kamal's order."""
    return tuple(_options(route))


def _options(route: Route) -> Iterator[Word]:
    for host in route.hosts:
        yield joined("--host=", quoted(host))
    if route.tls:
        yield "--tls"
    yield from _given("tls-certificate-path", route.tls_certificate)
    yield from _given("tls-private-key-path", route.tls_private_key)
    yield from _given("deploy-timeout", _seconds(route.deploy_timeout))
    yield from _given("drain-timeout", _seconds(route.drain_timeout))
    yield from _given("health-check-interval", _seconds(route.health_interval))
    yield from _given("health-check-timeout", _seconds(route.health_timeout))
    yield from _given("health-check-path", route.health_path)
    yield from _given("health-check-port", route.health_port)
    yield from _given("health-check-host", route.health_host)
    yield from _given("target-timeout", _seconds(route.response_timeout))
    yield from _given("buffer-requests", route.buffer_requests)
    yield from _given("buffer-responses", route.buffer_responses)
    yield from _given("buffer-memory", route.buffer_memory)
    yield from _given("max-request-body", route.max_request_body)
    yield from _given("max-response-body", route.max_response_body)
    for prefix in route.path_prefixes:
        yield joined("--path-prefix=", quoted(prefix))
    yield from _given("strip-path-prefix", route.strip_path_prefix)
    yield from _given("forward-headers", route.forward_headers)
    yield from _given("tls-redirect", route.tls_redirect)
    yield from _given("canonical-host", route.canonical_host)
    for header in route.log_request_headers:
        yield joined("--log-request-header=", quoted(header))
    for header in route.log_response_headers:
        yield joined("--log-response-header=", quoted(header))
    yield from _given("error-pages", route.error_pages)


def _given(flag: str, value: object) -> Iterator[Word]:
    if isinstance(value, bool):
        value = str(value).lower()
    if value is not None:
        yield joined(f"--{flag}=", quoted(value))


def _seconds(value: float | None) -> str | None:
    return None if value is None else f"{value:g}s"
