"""What ``app.retire`` remembers of a release, for ``app.restore``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kamalpy.config.proxy import ProxySection
from kamalpy.operations.app.release import app_of, health_of, route_of
from kamalpy.operations.app.spec import spec
from kamalpy.operations.base import secrets_of
from kamalpy.spec.record import Record


def record(
    on: str,
    container: Mapping[str, Any],
    proxy: Mapping[str, Any] | ProxySection | None = None,
    health: Mapping[str, Any] | None = None,
    error_pages: bool = False,
    deploy_timeout: int = 30,
    drain_timeout: int = 30,
    readiness_delay: int = 7,
    stop_timeout: int | None = None,
) -> str:
    """Write down a release on a host; ``container`` are arguments of ``app.boot``."""
    route = probe = None
    if proxy is not None:
        told = health_of(health)
        app = app_of(container["service"], container["role"], container.get("destination"))
        probe = route_of(app, container["version"], proxy, **told)
        route = route_of(
            app,
            container["version"],
            proxy,
            error_pages=error_pages,
            deploy_timeout=deploy_timeout,
            drain_timeout=drain_timeout,
            **told,
        )
    path = container.get("asset_path")
    return Record.new(
        spec(on, **{**container, "secrets": secrets_of(container.get("secrets"))}),
        route=route,
        probe=probe,
        timeout=deploy_timeout,
        delay=readiness_delay,
        stop=stop_timeout,
        asset_path=path.split(":", 1)[0] if path else None,
    ).text()
