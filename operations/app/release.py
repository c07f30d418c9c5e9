"""What the operations on one release of a role know together."""

from __future__ import annotations

import secrets as random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pyinfra.context import host

from kamalpy._pyinfra import is_executing, is_quiet, is_reporting, kept
from kamalpy.commands import route
from kamalpy.commands.app import Release, marker
from kamalpy.config.proxy import ProxySection
from kamalpy.operations import valid
from kamalpy.operations.argument_types import Proxy
from kamalpy.operations.base import Differences
from kamalpy.operations.sections import proxy_of
from kamalpy.spec.app import App
from kamalpy.spec.route import Route
from kamalpy.spec.state import HostState


@dataclass(slots=True)
class Releases:
    """What this run has booted, to be switched to, committed or reverted."""

    token: str = field(default_factory=lambda: random.token_hex(16))
    booted: dict[tuple[str, str], Release] = field(default_factory=dict)
    committed: set[tuple[str, str]] = field(default_factory=set)


def app_of(service: str, role: str, destination: str | None) -> App:
    """Check what becomes a part of names."""
    valid.container("service", service)
    valid.container("role", role)
    if destination is not None:
        valid.container("destination", destination)
    return App(service, role, destination)


def container_of(app: App, version: str) -> str:
    """Name the container of a version that can be a part of a name."""
    return app.container(valid.container("version", version))


def route_of(app: App, version: str, proxy: Proxy | ProxySection, **more: Any) -> Route:
    """Make the route of a role from a ``proxy`` section."""
    section = proxy_of(proxy)
    certificate = f"{app.folder_in_proxy}/tls/{app.role}/" if section.custom_certificate else None
    if more.pop("error_pages", False):
        more["error_pages"] = f"{app.folder_in_proxy}/error_pages/{version}"
    return Route.of(
        section,
        app.prefix,
        tls_certificate=certificate and f"{certificate}cert.pem",
        tls_private_key=certificate and f"{certificate}key.pem",
        **more,
    )


def health_of(health: Mapping[str, object] | None) -> dict[str, Any]:
    """Take what deploy.yml cannot say of a health check."""
    given = health or {}
    return {f"health_{key}": given[key] for key in ("host", "port") if given.get(key) is not None}


def release_of(
    app: App,
    container: str,
    state: HostState,
    proxied: bool,
    stop_timeout: int | None,
    starts: bool = False,
) -> Release:
    """Begin a release, remembering where the proxy has to go back to."""
    back = None
    if proxied:
        entry = state.routes.get(app.prefix)
        old = Route.from_state(entry) if entry else None
        targets = (entry or {}).get("active_targets") or ()
        back = route.back_to(app.prefix, old if targets else None, targets)
    return Release(
        app=app.folder,
        role=app.role,
        container=container,
        token=kept(Releases).token,
        back=back,
        stop=stop_timeout,
        starts=starts,
        session=state.session,
    )


def remember_notes(app: App, state: HostState) -> None:
    """Have what the host at hand has noted about deploys of a role shown at the end."""
    if is_reporting():
        prefix = f"{marker(app.folder, app.role)}."
        found = (note for path, note in state.notes.items() if path.startswith(prefix))
        kept(Differences).notes.update((host.name, note) for note in found)


def boots(release: Release) -> None:
    """Remember what this run boots on the host at hand."""
    if is_executing() and not is_quiet():
        kept(Releases).booted[host.name, release.container] = release


def booted(container: str) -> Release | None:
    """Return what this run has booted under a name on the host at hand."""
    return kept(Releases).booted.get((host.name, container))


def commits(release: Release) -> None:
    """Remember that a release of the host at hand is committed."""
    kept(Releases).committed.add((host.name, release.container))


def is_committed(release: Release) -> bool:
    """Tell whether this run has committed a release of the host at hand."""
    return (host.name, release.container) in kept(Releases).committed
