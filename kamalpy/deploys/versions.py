"""The versions on hosts, read once for a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kamalpy.deploys.plan import read
from kamalpy.deploys.project import Project
from kamalpy.deploys.queries import app_queries
from kamalpy.errors import DeployError, UnreachableError
from kamalpy.operations.app.stop import active_containers, serving_container
from kamalpy.spec.app import App
from kamalpy.spec.history import Version, history
from kamalpy.spec.state import HostState

if TYPE_CHECKING:
    from kamalpy.deploys.deploy_command import DeployCommand


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions, the latest first, and the states of hosts."""

    versions: tuple[Version, ...]
    states: Mapping[str, HostState]

    @property
    def running(self) -> tuple[str, ...]:
        """List those that run anywhere."""
        return tuple(each.name for each in self.versions if each.runs)

    def of_all(self, project: Project) -> Versions:
        """Ensure that every host has been read."""
        silent = [host for host in project.app_hosts if host not in self.states]
        if silent:
            raise UnreachableError(
                f"{', '.join(silent)} cannot be reached, so that its versions are unknown"
            )
        return self


def versions_of(project: Project) -> Versions:
    """Read which versions all hosts in play know, once for all of them."""
    run, config = project.run, project.config
    key = (config.file, config.destination, *project.asked_roles)
    with run.lock:
        if key not in run.versions:
            queries = app_queries(project)
            states = read({host: queries[host] for host in project.app_hosts})
            run.versions[key] = Versions(history(states, _apps(project)), states)
        return run.versions[key]


def serving_version(command: DeployCommand, **_: object) -> str | None:
    """Choose the version that serves or served last, unless one was given."""
    if command.options.version is not None:
        return None
    versions = versions_of(command.project).of_all(command.project)
    if len(versions.running) > 1:
        listed = ", ".join(versions.running)
        raise DeployError(f"several versions run, {listed}; say which one by --version")
    if not versions.versions:
        raise DeployError("no server knows any version of the app; deploy one")
    return versions.versions[0].name


def serving_on(project: Project, host: str, state: HostState) -> str:
    """Return which version of each role serves on a host; without a proxy, all that run."""
    found = []
    for role in project.roles_on(host):
        app = project.app(role.name)
        serve = [serving_container(app, state)] if role.proxy else active_containers(app, state)
        names = (each.name.removeprefix(f"{app.prefix}-") for each in serve if each)
        found.append(f"{role.name} {' and '.join(names) or '-'}")
    return ", ".join(found)


def _apps(project: Project) -> Mapping[str, Sequence[App]]:
    return {
        host: [project.app(role.name) for role in project.roles_on(host)]
        for host in project.app_hosts
    }
