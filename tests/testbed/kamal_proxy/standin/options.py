"""What a deploy asks for, under the names that the state file uses."""

from __future__ import annotations

from typing import Any, NamedTuple

from standin.durations import SECOND

ROOT_PATH = "/"


class HealthCheckOptions(NamedTuple):
    """How to ask a target whether it is healthy."""

    path: str = "/up"
    port: int = 0
    interval: int = SECOND
    timeout: int = 5 * SECOND
    host: str = ""


class TargetOptions(NamedTuple):
    """How requests reach a target."""

    health_check_config: HealthCheckOptions = HealthCheckOptions()
    response_timeout: int = 30 * SECOND
    buffer_requests: bool = False
    buffer_responses: bool = False
    max_memory_buffer_size: int = 1 << 20
    max_request_body_size: int = 0
    max_response_body_size: int = 0
    log_request_headers: list[str] | None = None
    log_response_headers: list[str] | None = None
    forward_headers: bool = False
    scope_cookie_paths: bool = False

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> TargetOptions:
        """Read what ``to_json`` wrote."""
        health = _known(HealthCheckOptions, data.get("health_check_config", {}))
        return cls(**{**_known(cls, data), "health_check_config": HealthCheckOptions(**health)})


class ServiceOptions(NamedTuple):
    """Which requests belong to a service, and how visitors see it."""

    hosts: list[str]
    path_prefixes: list[str]
    tls_enabled: bool = False
    tls_certificate_path: str = ""
    tls_private_key_path: str = ""
    tls_redirect: bool = True
    canonical_host: str = ""
    acme_directory: str = ""
    acme_cache_path: str = ""
    error_page_path: str = ""
    strip_prefix: bool = True
    writer_affinity_timeout: int = SECOND
    read_targets_accept_websockets: bool = False

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ServiceOptions:
        """Read what ``to_json`` wrote; no host means any host, no prefix the root."""
        known = _known(cls, data)
        prefixes = ["/" + prefix.strip("/") for prefix in known.get("path_prefixes") or [""]]
        return cls(**{**known, "hosts": known.get("hosts") or [""], "path_prefixes": prefixes})

    @property
    def serves_root(self) -> bool:
        """Whether the root path is among the prefixes."""
        return ROOT_PATH in self.path_prefixes


class DeploymentOptions(NamedTuple):
    """How long one deploy waits, and for what."""

    deploy_timeout: int = 30 * SECOND
    drain_timeout: int = 30 * SECOND
    force: bool = False


def to_json(options: HealthCheckOptions | TargetOptions | ServiceOptions) -> dict[str, Any]:
    """The options as the state file has them, in its order."""
    return {
        name: value._asdict() if isinstance(value, HealthCheckOptions) else value
        for name, value in options._asdict().items()
    }


def _known(
    cls: type[TargetOptions | ServiceOptions | HealthCheckOptions], data: dict[str, Any]
) -> dict[str, Any]:
    return {name: data[name] for name in cls._fields if name in data}
