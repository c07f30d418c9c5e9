"""Steps that do something to every role in play, and with what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pyinfra.api.arguments_typed import PyinfraOperation

from kamalpy.config import Role
from kamalpy.deploys.arguments import Arguments, RoleArguments
from kamalpy.deploys.plan import Stage, Step
from kamalpy.deploys.project import Project

Of = Callable[["RoleMaintenance"], Arguments]


class RoleMaintenance(RoleArguments):
    """A role, as the operations want it that keep an app up; no version needs to be known."""

    @property
    def _who(self) -> Arguments:
        return {"stop_timeout": self._stop_timeout, "audit": self.project.audit()}

    def stop(self) -> Arguments:
        """Say what ``app.stop`` needs."""
        return {**self.names, **self._who}

    def stale(self) -> Arguments:
        """Say what ``app.stale`` needs."""
        latest = self.project.config.latest_image
        return {**self.names, "latest": latest, "stop_timeout": self._stop_timeout}

    def start(self, version: str | None) -> Arguments:
        """Say what ``app.start`` needs."""
        config = self.project.config
        return {
            **self.names,
            "version": version,
            "proxy": self.role.proxy,
            "health": self._health,
            "error_pages": self._has_pages,
            "deploy_timeout": config.deploy_timeout,
            "drain_timeout": config.drain_timeout,
            "audit": self.project.audit(),
        }

    def absent(self, version: str | None = None, running: bool = False) -> Arguments:
        """Say what ``app.absent`` needs."""
        return {**self.names, "version": version, "running": running, **self._who}


@dataclass(frozen=True)
class RoleSteps:
    """The steps of a command that is about roles."""

    project: Project

    def step(
        self, title: str, operation: PyinfraOperation[...], of: Of, proxied: bool = False
    ) -> Step:
        """Do something to each role on all its hosts, or only to those behind the proxy."""
        project = self.project
        roles = [role for role in project.roles if role.proxy or not proxied]

        def arguments(host: str) -> Iterator[Arguments]:
            return (of(RoleMaintenance(project, role)) for role in roles if host in role.hosts)

        return Step(title, Stage.PREPARE, self._hosts(roles), operation, arguments)

    @property
    def whole_hosts(self) -> tuple[str, ...]:
        """List the hosts of which all roles are in play, so that nobody else needs the app."""
        of = self.project
        return tuple(
            host
            for host in of.app_hosts
            if len(of.roles_on(host)) == sum(host in role.hosts for role in of.config.roles)
        )

    def _hosts(self, roles: Sequence[Role]) -> tuple[str, ...]:
        hosts = (host for role in roles for host in role.hosts)
        return self.project.play(tuple(dict.fromkeys(hosts)))
