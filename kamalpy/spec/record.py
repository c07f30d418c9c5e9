"""The record of a release, stored for a rollback."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kamalpy.config.proxy_options import OPTIONS
from kamalpy.errors import DeployError
from kamalpy.secrets import Secret
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.env_file import is_multiline
from kamalpy.spec.route import Route

SCHEMA = 2
"""The version of what is stored; a release with another one cannot be rolled back to."""
_CONTAINER = {
    name: name
    for name in (
        *("name", "image", "command", "env", "env_file", "secrets_as_files", "secrets_owner"),
        *("volumes", "ports", "labels", "network", "hostname", "restart"),
        *("log_driver", "log_options", "options"),
    )
}
_RELEASE = {
    "secrets": "secrets",
    "health_timeout": "timeout",
    "readiness_delay": "delay",
    "stop_timeout": "stop",
    "asset_path": "asset_path",
}
"""Stored names and their fields: a field may be renamed, what is stored may not."""
_SCHEMA_1 = {
    "timeout": "health_timeout",
    "delay": "readiness_delay",
    "stop": "stop_timeout",
    "hosts": "host",
    "tls_certificate": "tls-certificate-path",
    "tls_private_key": "tls-private-key-path",
    "health_interval": "health-check-interval",
    "health_timeout": "health-check-timeout",
    "health_path": "health-check-path",
    "health_port": "health-check-port",
    "health_host": "health-check-host",
    "response_timeout": "target-timeout",
    "path_prefixes": "path-prefix",
    "log_request_headers": "log-request-header",
    "log_response_headers": "log-response-header",
}
"""Names of schema 1 that have changed, besides those with dashes for underscores in a route."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """
    The container of a release, its route, and its health check.

    Of ``secrets`` only the names are stored, and whether a value is multiline: fits into no line
    of docker's env files. The values are next to it, in files of their owner. ``stop`` is the
    timeout in seconds of ``docker stop``, ``timeout`` and ``delay`` are those of its health check.
    """

    container: ContainerSpec
    secrets: Mapping[str, bool] = field(default_factory=dict)
    route: Route | None = None
    probe: Route | None = None
    timeout: int = 30
    delay: int = 7
    stop: int | None = None
    asset_path: str | None = None

    @classmethod
    def new(cls, container: ContainerSpec, **more: Any) -> Record:
        """Record a container of this run, without its secrets."""
        multiline = {
            name: is_multiline(secret.reveal()) for name, secret in container.secrets.items()
        }
        return cls(container=replace(container, secrets={}), secrets=multiline, **more)

    def spec(self, env_file: str) -> ContainerSpec:
        """
        Describe the container once more, its secrets in a file of the host.

        The placeholders of their values only show whether they are multiline.
        """
        secrets = {
            name: Secret.of(name, "\n" if multiline else "")
            for name, multiline in self.secrets.items()
        }
        return replace(self.container, secrets=secrets, env_file=env_file)

    def route_with(self, error_pages: str | None) -> Route | None:
        """Route as then, but for error pages, which are today's or none."""
        return None if self.route is None else replace(self.route, error_pages=error_pages)

    def text(self) -> str:
        """Write it as one line, without any secret; a route by the flags of kamal-proxy."""
        stored = {
            "schema": SCHEMA,
            "container": _stored(self.container, _CONTAINER),
            **_stored(self, _RELEASE),
            **{name: _stored_route(getattr(self, name)) for name in ("route", "probe")},
        }
        return json.dumps(stored, sort_keys=True, default=str)

    @classmethod
    def from_text(cls, text: str) -> Record:
        """Read it again."""
        try:
            stored = json.loads(text)
            stored = _renamed(stored) if stored.pop("form", None) == 1 else stored
            if stored.pop("schema", None) != SCHEMA:
                raise ValueError(f"its schema is not {SCHEMA}")
            container = ContainerSpec(**_fields(stored.pop("container"), _CONTAINER))
            route, probe = (_route(stored.pop(name, None)) for name in ("route", "probe"))
            more = _fields(stored, _RELEASE)
            return cls(container=container, route=route, probe=probe, **more)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DeployError(
                f"cannot read what a release was ({error}); deploy that version instead"
            ) from None


def _stored(thing: object, names: Mapping[str, str]) -> dict[str, Any]:
    return {stored: getattr(thing, attribute) for stored, attribute in names.items()}


def _fields(stored: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    lists = {name: tuple(v) if isinstance(v, list) else v for name, v in stored.items()}
    return {names[name]: value for name, value in lists.items()}


_ROUTE = {"service": "service", **{each.flag or each.name: each.name for each in OPTIONS}}


def _stored_route(route: Route | None) -> dict[str, Any] | None:
    return None if route is None else _stored(route, _ROUTE)


def _route(stored: Mapping[str, Any] | None) -> Route | None:
    return None if stored is None else Route(**_fields(stored, _ROUTE))


def _renamed(stored: dict[str, Any]) -> dict[str, Any]:
    """Rename what schema 1 stored."""
    routes = {
        name: {_SCHEMA_1.get(key, key.replace("_", "-")): each for key, each in route.items()}
        for name in ("route", "probe")
        if (route := stored.get(name)) is not None
    }
    renamed = {_SCHEMA_1.get(name, name): value for name, value in stored.items()}
    return {**renamed, **routes, "schema": SCHEMA}
