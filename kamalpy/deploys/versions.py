"""The versions that hosts know, read once for a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gevent.lock import RLock

from kamalpy._pyinfra import kept
from kamalpy.deploys.plan import read
from kamalpy.deploys.project import Project
from kamalpy.deploys.queries import app_queries
from kamalpy.errors import UnreachableError
from kamalpy.operations.app.stop import at_work, current_of
from kamalpy.spec.app import App
from kamalpy.spec.history import Version, history
from kamalpy.spec.state import HostState


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions, the latest first, and what hosts say of themselves."""

    versions: tuple[Version, ...]
    states: Mapping[str, HostState]

    @property
    def running(self) -> tuple[str, ...]:
        """List those that run anywhere."""
        return tuple(each.name for each in self.versions if each.runs)

    def of_all(self, project: Project) -> Versions:
        """Make sure that every host has been asked."""
        silent = [host for host in project.app_hosts if host not in self.states]
        if silent:
            raise UnreachableError(
                f"{', '.join(silent)} cannot be reached, so that nobody knows its versions"
            )
        return self


@dataclass(slots=True)
class _Known:
    """What this run has read of each project."""

    lock: RLock = field(default_factory=RLock)
    of: dict[tuple[object, ...], Versions] = field(default_factory=dict)


def versions_of(project: Project) -> Versions:
    """Ask all hosts in play which versions they know, once for all of them."""
    known, config = kept(_Known), project.config
    key = (config.file, config.destination, *project.asked_roles)
    with known.lock:
        if key not in known.of:
            wanted = app_queries(project)
            states = read({host: wanted[host] for host in project.app_hosts})
            known.of[key] = Versions(history(states, _apps(project)), states)
        return known.of[key]


def serving_on(project: Project, host: str, state: HostState) -> str:
    """Say which version of each role serves on a host; without a proxy, all that run do."""
    found = []
    for role in project.roles_on(host):
        app = app_of(project, role.name)
        serve = [current_of(app, state)] if role.proxy else at_work(app, state)
        names = (each.name.removeprefix(f"{app.prefix}-") for each in serve if each)
        found.append(f"{role.name} {' and '.join(names) or '-'}")
    return ", ".join(found)


def app_of(project: Project, role: str = "") -> App:
    """Name the things of a role, or those of the whole app."""
    return App(project.config.service, role, project.config.destination)


def _apps(project: Project) -> Mapping[str, Sequence[App]]:
    return {
        host: [app_of(project, role.name) for role in project.roles_on(host)]
        for host in project.app_hosts
    }
