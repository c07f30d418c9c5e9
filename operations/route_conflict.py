"""What two services of one proxy cannot both have: a host name and path."""

from __future__ import annotations

from pyinfra.context import host

from kamalpy.errors import ArgumentError
from kamalpy.spec.route import Route
from kamalpy.spec.state import HostState


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
