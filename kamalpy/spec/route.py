"""Where kamal-proxy sends a service's requests, as it should be and as its state file says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kamalpy.config.proxy import Proxy
from kamalpy.spec.change import Change, compare

SECOND = 10**9  # kamal-proxy's state counts nanoseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """
    The options of ``kamal-proxy deploy``; ``None`` leaves one to the proxy.

    Times are in seconds, sizes in bytes. ``deploy_timeout`` and ``drain_timeout`` say how the
    switch goes; the proxy does not keep them, so they never count as a change.
    """

    service: str
    port: int = 80
    hosts: tuple[str, ...] = ()
    path_prefixes: tuple[str, ...] = ()
    strip_path_prefix: bool | None = None
    tls: bool = False
    tls_certificate: str | None = None
    tls_private_key: str | None = None
    tls_redirect: bool | None = None
    canonical_host: str | None = None
    health_interval: float | None = None
    health_timeout: float | None = None
    health_path: str | None = None
    health_port: int | None = None
    health_host: str | None = None
    response_timeout: float | None = None
    buffer_requests: bool = True
    buffer_responses: bool = True
    buffer_memory: int | None = None
    max_request_body: int | None = None
    max_response_body: int | None = None
    forward_headers: bool | None = None
    log_request_headers: tuple[str, ...] = ()
    log_response_headers: tuple[str, ...] = ()
    error_pages: str | None = None
    deploy_timeout: float = 30
    drain_timeout: float = 30

    @classmethod
    def of(cls, proxy: Proxy, service: str, **more: Any) -> Route:
        """Route as a ``proxy`` section of deploy.yml says; ``more`` is what it cannot say."""
        health, buffering = proxy.healthcheck, proxy.buffering
        return cls(
            service=service,
            port=proxy.app_port,
            hosts=proxy.hosts,
            path_prefixes=proxy.path_prefixes,
            strip_path_prefix=proxy.strip_path_prefix,
            tls=proxy.ssl,
            tls_redirect=proxy.ssl_redirect,
            health_interval=health.interval,
            health_timeout=health.timeout,
            health_path=health.path,
            response_timeout=proxy.response_timeout,
            buffer_requests=buffering.requests,
            buffer_responses=buffering.responses,
            buffer_memory=buffering.memory,
            max_request_body=buffering.max_request_body,
            max_response_body=buffering.max_response_body,
            forward_headers=proxy.forward_headers,
            log_request_headers=proxy.logging.request_headers,
            log_response_headers=proxy.logging.response_headers,
            **more,
        )

    def conflict(self, routes: Mapping[str, Mapping[str, Any]]) -> tuple[str, str] | None:
        """Find a host and path of ours that another service has already, and that service."""
        wanted = self._service_options()
        for name, entry in routes.items():
            kept = entry.get("options") or {}
            hosts, paths = (
                [each for each in wanted[key] if each in (kept.get(key) or ())]
                for key in ("hosts", "path_prefixes")
            )
            if name != self.service and hosts and paths:
                return f"{hosts[0]}{paths[0].rstrip('/')}" or "/", name
        return None

    def drift(self, kept: Mapping[str, Any], target: str) -> tuple[Change, ...]:
        """List the differences from an entry of the proxy's state file; ``target`` is an id."""
        return tuple(self._changes(kept, target))

    def _changes(self, kept: Mapping[str, Any], target: str) -> Iterator[Change]:
        will = f"{target}:{self.port}"
        yield from compare("target", ",".join(kept.get("active_targets") or ()), will)
        for options, wanted in (
            (kept.get("options") or {}, self._service_options()),
            (kept.get("target_options") or {}, self._target_options()),
            (
                (kept.get("target_options") or {}).get("health_check_config") or {},
                self._health_options(),
            ),
        ):
            for name, value in wanted.items():
                if name in options:
                    yield from compare(name, options[name] or None, value or None)

    def _service_options(self) -> Mapping[str, Any]:
        """Spell what the state keeps under ``options``, defaults of the proxy included."""
        prefixes = [f"/{each.strip('/')}" for each in self.path_prefixes] or ["/"]
        options = {
            "hosts": list(self.hosts) or [""],
            "path_prefixes": prefixes,
            "tls_enabled": self.tls,
            "tls_certificate_path": self.tls_certificate or "",
            "tls_private_key_path": self.tls_private_key or "",
            "tls_redirect": _default(self.tls_redirect, True),
            "canonical_host": self.canonical_host or "",
            "error_page_path": self.error_pages or "",
            "strip_prefix": _default(self.strip_path_prefix, True),
        }
        if "/" not in prefixes:  # the proxy copies these from the service at the host's root
            del options["tls_enabled"], options["tls_redirect"]
        return options

    def _target_options(self) -> Mapping[str, Any]:
        return {
            "response_timeout": _nanoseconds(self.response_timeout, 30),
            "buffer_requests": self.buffer_requests,
            "buffer_responses": self.buffer_responses,
            "max_memory_buffer_size": _default(self.buffer_memory, 1024**2),
            "max_request_body_size": _default(self.max_request_body, 0),
            "max_response_body_size": _default(self.max_response_body, 0),
            "log_request_headers": list(self.log_request_headers),
            "log_response_headers": list(self.log_response_headers),
            "forward_headers": _default(self.forward_headers, not self.tls),
        }

    def _health_options(self) -> Mapping[str, Any]:
        return {
            "path": _default(self.health_path, "/up"),
            "port": _default(self.health_port, 0),
            "interval": _nanoseconds(self.health_interval, 1),
            "timeout": _nanoseconds(self.health_timeout, 5),
            "host": self.health_host or "",
        }

    @classmethod
    def from_state(cls, entry: Mapping[str, Any]) -> Route:
        """Read an entry of the proxy's state file: what it takes to bring that route back."""
        options, target = entry.get("options") or {}, entry.get("target_options") or {}
        health = target.get("health_check_config") or {}
        return cls(
            service=str(entry["name"]),
            hosts=tuple(filter(None, options.get("hosts") or ())),
            path_prefixes=tuple(options.get("path_prefixes") or ()),
            strip_path_prefix=options.get("strip_prefix"),
            tls=bool(options.get("tls_enabled")),
            tls_certificate=options.get("tls_certificate_path") or None,
            tls_private_key=options.get("tls_private_key_path") or None,
            tls_redirect=options.get("tls_redirect"),
            canonical_host=options.get("canonical_host") or None,
            error_pages=options.get("error_page_path") or None,
            response_timeout=_seconds(target.get("response_timeout")),
            buffer_requests=bool(target.get("buffer_requests")),
            buffer_responses=bool(target.get("buffer_responses")),
            buffer_memory=target.get("max_memory_buffer_size"),
            max_request_body=target.get("max_request_body_size") or None,
            max_response_body=target.get("max_response_body_size") or None,
            forward_headers=target.get("forward_headers"),
            log_request_headers=tuple(target.get("log_request_headers") or ()),
            log_response_headers=tuple(target.get("log_response_headers") or ()),
            health_path=health.get("path"),
            health_port=health.get("port") or None,
            health_host=health.get("host") or None,
            health_interval=_seconds(health.get("interval")),
            health_timeout=_seconds(health.get("timeout")),
        )


def _default(value: Any, default: Any) -> Any:
    return default if value is None else value


def _nanoseconds(seconds: float | None, default: float) -> int:
    return int(_default(seconds, default) * SECOND)


def _seconds(nanoseconds: Any) -> float | None:
    return None if nanoseconds is None else nanoseconds / SECOND
