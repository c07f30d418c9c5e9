"""What a deploy tells docker and the proxy, in words: no host is asked, and no secret is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyinfra.api.command import StringCommand

from kamalpy.commands import container, route
from kamalpy.commands.base import joined, proxy, quoted
from kamalpy.config import Accessory, Configuration, Env, Role
from kamalpy.deploys.arguments import RoleArguments
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.project import Project
from kamalpy.operations.accessory.spec import spec as accessory_spec
from kamalpy.operations.proxy.spec import spec as proxy_spec
from kamalpy.secrets import Secret, Secrets
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.route import Route

RANDOM = "XXXXXXXXXXXX"
"""Stands for the end of a hostname, which is another one for each container."""


@dataclass(frozen=True)
class Description:
    """A configuration as docker and the proxy are told of it."""

    config: Configuration

    @property
    def _project(self) -> Project:
        return Project(self.config, Secrets(self.config.secrets_path), "", "")

    @property
    def _infrastructure(self) -> Infrastructure:
        return Infrastructure(self._project)

    def role(self, role: Role, host: str) -> str:
        """Spell how a role is run on a host."""
        return _run(RoleArguments(self._project, role).spec(host, _named(role.env(host))))

    def role_route(self, role: Role) -> str | None:
        """Spell how the proxy is told of a role, if it is."""
        if role.proxy is None:
            return None
        arguments = RoleArguments(self._project, role)
        return _deploy(arguments.route, arguments.app.container(self.config.version))

    def accessory(self, accessory: Accessory, host: str) -> str:
        """Spell how an accessory is run on a host."""
        known = self._infrastructure.container(accessory)
        return _run(accessory_spec(host, **{**known, "secrets": _named(accessory.env)}))

    def accessory_route(self, accessory: Accessory) -> str | None:
        """Spell how the proxy is told of an accessory, if it is."""
        if accessory.proxy is None:
            return None
        known = self._infrastructure.route(accessory, "")
        times = {name: known[name] for name in ("deploy_timeout", "drain_timeout")}
        to = Route.of(accessory.proxy, accessory.service_name, **times)
        return _deploy(to, accessory.service_name)

    def proxy(self, host: str) -> str:
        """Spell how the proxy is run on a host, if nothing there says otherwise."""
        return _run(proxy_spec(**self._infrastructure.proxy_container(host)))


def _named(env: Env) -> Mapping[str, Secret]:
    """Refer to secrets without ever having to read them."""
    return {name: Secret.of(known, "") for name, known in env.secret.items()}


def _run(spec: ContainerSpec) -> str:
    return str(container.words(spec, RANDOM))


def _deploy(to: Route, target: str) -> str:
    words: StringCommand = joined("--target=", quoted(f"{target}:{to.port}"))
    return str(proxy("deploy", quoted(to.service), words, *route.options(to)))
