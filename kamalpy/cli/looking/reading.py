"""Reading servers by the fact that deploys decide by."""

from __future__ import annotations

from pyinfra.context import ctx_host

from kamalpy.cli.looking.fleet import Fleet
from kamalpy.deploys.project import Project, project
from kamalpy.errors import UnreachableError


def project_of(fleet: Fleet) -> Project:
    """Read the project of a fleet that is connected."""
    first = next(iter(fleet.state.activated_hosts), None)
    if first is None:
        raise UnreachableError("no server can be reached")
    with ctx_host.use(first):
        return project(roles=fleet.engine.roles)
