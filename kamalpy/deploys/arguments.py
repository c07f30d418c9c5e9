"""What the operations on a role are called with, in deploy.yml's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kamalpy._pyinfra import commands_of
from kamalpy.commands.app import Times
from kamalpy.config import Configuration, Role
from kamalpy.config.proxy import ProxySection
from kamalpy.deploys.plan import would_change
from kamalpy.deploys.project import Project
from kamalpy.operations import proxy
from kamalpy.operations.app.boot import Booting, boot_container
from kamalpy.operations.app.release import app_of, health_of, route_of
from kamalpy.operations.app.spec import spec as spec_of
from kamalpy.operations.app.switch import switch_route
from kamalpy.operations.base import SecretValues, secrets_of
from kamalpy.operations.proxy.config import pages_in
from kamalpy.spec.app import App
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.route import Route

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class RoleArguments:
    """
    A role of a project, as each operation on it wants it; ``host`` is always the one at hand.

    ``anew`` runs a new container whatever runs, ``prune`` removes what is old.
    """

    project: Project
    role: Role
    anew: bool = False
    prune: bool = True

    @property
    def _config(self) -> Configuration:
        return self.project.config

    @property
    def names(self) -> dict[str, Any]:
        """Name the role, as every operation wants it."""
        return {
            "service": self._config.service,
            "role": self.role.name,
            "destination": self._config.destination,
        }

    @property
    def _release(self) -> dict[str, Any]:
        return {**self.names, "version": self._config.version}

    @property
    def has_assets(self) -> bool:
        """Whether assets of two versions are to be kept together."""
        return self.role.proxy is not None and self.role.asset_path is not None

    @property
    def has_files(self) -> bool:
        """Whether the proxy has files of it to read."""
        own = self.role.proxy is not None and self.role.proxy.custom_certificate
        return own or (self.role.proxy is not None and self._has_pages)

    @property
    def _has_pages(self) -> bool:
        return bool(pages_in(self._error_pages))

    @property
    def _error_pages(self) -> str | None:
        path = self._config.error_pages_path
        return None if path is None else str(self._config.root / path)

    def env(self, host: str) -> Arguments:
        """Say what ``app.env`` needs."""
        return {
            **self.names,
            "secrets": self.project.secret_values(self.role.env(host)),
            "secrets_as": self._config.kamalpy.secrets_of(self.role.name).place,
        }

    def assets(self, host: str) -> Arguments:
        """Say what ``app.assets`` needs."""
        return {
            **self._release,
            "image": self._config.absolute_image,
            "asset_path": self.role.asset_path,
            "always": self.boots(host),
        }

    def files(self, host: str) -> Arguments:
        """Say what ``proxy.config`` needs."""
        names = self.role.proxy
        secret = self.project.secrets.secret
        return {
            **self._release,
            "certificate": secret(names.certificate_pem)
            if names and names.certificate_pem
            else None,
            "private_key": secret(names.private_key_pem)
            if names and names.private_key_pem
            else None,
            "error_pages": self._error_pages,
        }

    def spec(self, host: str, secrets: SecretValues | None = None) -> ContainerSpec:
        """Describe the role's container, with its own secrets or others of their names."""
        role, config = self.role, self._config
        known = self.project.secret_values(role.env(host)) if secrets is None else secrets
        return spec_of(
            host,
            **self._release,
            image=config.absolute_image,
            cmd=role.cmd,
            env=role.env(host).clear,
            secrets=secrets_of(known),
            secrets_as=config.kamalpy.secrets_of(role.name).place,
            secrets_owner=config.kamalpy.secrets_of(role.name).owner,
            volumes=config.volumes,
            asset_path=self._asset_mount,
            labels=role.labels,
            options=role.options,
            restart=role.restart,
            logging=role.logging,
        )

    def booting(self, host: str, wait: int = 0) -> Booting:
        """Say what is booted, and how."""
        config = self._config
        return Booting(
            app=self.app,
            version=config.version,
            spec=self.spec(host),
            probe=self._route() if self.role.proxy else None,
            times=Times(config.deploy_timeout, config.readiness_delay, wait),
            stop=self._stop_timeout,
            always=self.anew,
            audit=self.project.audit(),
        )

    def boot(self, host: str, wait: int = 0) -> Arguments:
        """Say what boots the role."""
        return {"booting": self.booting(host, wait)}

    def switch(self, host: str) -> Arguments:
        """Say what switches to the role."""
        return {
            "app": self.app,
            "version": self._config.version,
            "route": self.route,
            "always": self.boots(host) or self._renews(host),
        }

    @property
    def app(self) -> App:
        """Name the role on a host."""
        return app_of(**self.names)

    @property
    def route(self) -> Route:
        """Say how requests reach the role, which is behind the proxy."""
        return self._route(
            error_pages=self._has_pages,
            deploy_timeout=self._config.deploy_timeout,
            drain_timeout=self._config.drain_timeout,
        )

    def _route(self, **more: Any) -> Route:
        section = self.role.proxy or ProxySection()
        return route_of(self.app, self._config.version, section, **health_of(self._health), **more)

    def commit(self, host: str) -> Arguments:
        """Say what ``app.commit`` needs; all roles of a host commit in the same moment."""
        is_new = self._is_new(host)
        return {
            **self._release,
            "image": self._config.absolute_image,
            "with_roles": [each.name for each in self.project.roles_on(host)],
            "record": self._record(host) if is_new else None,
            "always": is_new,
        }

    def retire(self, host: str) -> Arguments:
        """Say what ``app.retire`` needs; the last role on a host ends what concerns all of them."""
        config, roles = self._config, self.project.roles_on(host)
        return {
            **self._release,
            "image": config.absolute_image,
            "latest": config.latest_image if self.role == roles[-1] else None,
            "retain_containers": config.retain_containers,
            "stop_timeout": self._stop_timeout,
            "prune": self.prune,
            "audit": self.project.audit(),
            "always": self._is_new(host),
        }

    def _is_new(self, host: str) -> bool:
        return self.boots(host) or self._is_rerouted(host)

    def _is_rerouted(self, host: str) -> bool:
        return self.role.proxy is not None and would_change(
            commands_of(switch_route, **self.switch(host))
        )

    def _record(self, host: str) -> str:
        route = self.route if self.role.proxy else None
        return self.booting(host).record(route, self.role.asset_path if self.has_assets else None)

    def revert(self, host: str) -> Arguments:
        """Say what ``app.revert`` needs."""
        return {**self._release, "audit": self.project.audit()}

    def boots(self, host: str) -> bool:
        """Tell whether this deploy gives the role a new container."""
        return would_change(commands_of(boot_container, **self.boot(host)))

    def _renews(self, host: str) -> bool:
        """Tell whether a certificate changes, which the proxy reads only when it switches."""
        return self.has_files and would_change(commands_of(proxy.config, **self.files(host)))

    @property
    def _asset_mount(self) -> str | None:
        if not self.has_assets:
            return None
        return ":".join(filter(None, (self.role.asset_path, self.role.asset_options)))

    @property
    def _stop_timeout(self) -> int | None:
        if self.role.stop_timeout is not None or self.role.proxy is not None:
            return self.role.stop_timeout
        return self._config.drain_timeout

    @property
    def _health(self) -> Mapping[str, Any] | None:
        health = self._config.kamalpy.health
        return health.model_dump() if self.role.proxy else None
