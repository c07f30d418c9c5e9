"""What the operations on one release of a role share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyinfra.context import host

from kamalpy._pyinfra import is_executing, is_quiet, is_reporting
from kamalpy.commands import route
from kamalpy.commands.app import Release, Times, marker
from kamalpy.commands.audit import Event
from kamalpy.config.proxy import ProxySection
from kamalpy.errors import ArgumentError
from kamalpy.operations import valid
from kamalpy.operations.argument_types import Health, Proxy
from kamalpy.operations.base import progress
from kamalpy.operations.sections import proxy_section
from kamalpy.spec.app import App
from kamalpy.spec.audit import Audit
from kamalpy.spec.route import Route
from kamalpy.spec.state import HostState


def checked_app(service: str, role: str, destination: str | None) -> App:
    """Check the parts of names."""
    valid.service(service, destination)
    valid.container("role", role)
    return App(service, role, destination)


def container_name(app: App, version: str) -> str:
    """Return the name of the container of a version, which is checked."""
    return app.container(valid.container("version", version))


def role_route(
    app: App,
    version: str,
    proxy: Proxy | ProxySection,
    health: Mapping[str, Any] | Health | None = None,
    error_pages: bool = False,
    **timeouts: int,
) -> Route:
    """Make the route of a role from a ``proxy`` section, ``health`` and timeouts."""
    section, checks, folder = proxy_section(proxy), health or {}, app.folder_in_proxy
    certificate = f"{folder}/tls/{app.role}" if section.custom_certificate else None
    return Route.from_section(
        section,
        app.prefix,
        tls_certificate=certificate and f"{certificate}/cert.pem",
        tls_private_key=certificate and f"{certificate}/key.pem",
        error_pages=f"{folder}/error_pages/{version}" if error_pages else None,
        health_host=checks.get("host"),
        health_port=checks.get("port"),
        **timeouts,
    )


def check_conflict(route: Route, state: HostState) -> Route:
    """Refuse a route whose requests another service of the host's proxy gets already."""
    conflict = route.conflict(state.routes)
    if conflict is None:
        return route
    what, holder = conflict
    where = f"requests for {what}" if what != "/" else "all requests that no host is named for"
    away = f"docker exec kamal-proxy kamal-proxy remove {holder}"
    raise ArgumentError(
        f"proxy: {where} go to {holder} on {host.name} already; give {route.service} another host "
        f"or path_prefix, or take {holder} away: {away}"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Startup:
    """How a version is started on a host: its health check, its timeouts, its audit log."""

    app: App
    version: str
    probe: Route | None = None
    times: Times = Times()  # noqa: RUF009
    stop: int | None = None
    audit: Audit | None = None

    @property
    def event(self) -> Event:
        """The line of the audit log."""
        return Event.from_audit(self.audit, f"Booted app version {self.version}", self.app.role)


def new_release(
    app: App,
    container: str,
    state: HostState,
    proxied: bool,
    stop_timeout: int | None,
    starts: bool = False,
) -> Release:
    """Begin a release, with the route to restore if it is reverted."""
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
        token=progress().token,
        back=back,
        stop=stop_timeout,
        starts=starts,
        session=state.session,
    )


def remember_notes(app: App, state: HostState) -> None:
    """Record the notes of the current host about deploys of a role, to report them at the end."""
    if is_reporting():
        prefix = f"{marker(app.folder, app.role)}."
        found = (note for path, note in state.notes.items() if path.startswith(prefix))
        progress().notes.update((host.name, note) for note in found)


def add_booted(release: Release) -> None:
    """Record what this run boots on the current host."""
    if is_executing() and not is_quiet():
        progress().booted[host.name, release.container] = release


def booted_release(container: str) -> Release | None:
    """Return what this run has booted under a name on the current host."""
    return progress().booted.get((host.name, container))


def add_committed(release: Release) -> None:
    """Record that a release of the current host is committed."""
    progress().committed.add((host.name, release.container))


def is_committed(release: Release) -> bool:
    """Return whether this run has committed a release of the current host."""
    return (host.name, release.container) in progress().committed
