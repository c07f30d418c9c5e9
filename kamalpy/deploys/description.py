"""The commands of docker and the proxy for a configuration: no host or secret is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kamalpy.commands import container, route
from kamalpy.commands.base import joined, proxy, quoted
from kamalpy.config import Accessory, Configuration, Env, Role
from kamalpy.deploys.accessory_steps import AccessorySteps
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.project import Project
from kamalpy.deploys.role_release import RoleRelease
from kamalpy.secrets import Secret, Secrets
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.route import Route

RANDOM = "XXXXXXXXXXXX"
"""Stands for the random end of a hostname."""


@dataclass(frozen=True)
class Description:
    """A configuration as commands of docker and the proxy."""

    config: Configuration

    @property
    def _project(self) -> Project:
        return Project(self.config, Secrets(self.config.secrets_path), "", "")

    def role(self, role: Role, host: str) -> str:
        """Spell how a role is run on a host."""
        return _run(RoleRelease(self._project, role).spec(host, _named(role.env(host))))

    def role_route(self, role: Role) -> str | None:
        """Spell how the proxy routes to a role, if it does."""
        if role.proxy is None:
            return None
        release = RoleRelease(self._project, role)
        return _deploy(release.route, release.app.container(self.config.version))

    def accessory(self, accessory: Accessory, host: str) -> str:
        """Spell how an accessory is run on a host."""
        return _run(AccessorySteps(self._project, accessory).spec(host, _named(accessory.env)))

    def accessory_route(self, accessory: Accessory) -> str | None:
        """Spell how the proxy routes to an accessory, if it does."""
        target = AccessorySteps(self._project, accessory).target
        return _deploy(target, accessory.service_name) if target else None

    def proxy(self, host: str) -> str:
        """Spell how the proxy is run on a host, unless the host has a configuration of its own."""
        return _run(Infrastructure(self._project).proxy_spec(host))


def _named(env: Env) -> Mapping[str, Secret]:
    """Refer to secrets without reading them."""
    return {variable: Secret.of(name, "") for variable, name in env.secret.items()}


def _run(spec: ContainerSpec) -> str:
    return str(container.words(spec, RANDOM))


def _deploy(to: Route, target: str) -> str:
    words = joined("--target=", quoted(f"{target}:{to.port}"))
    return str(proxy("deploy", quoted(to.service), words, *route.options(to)))
