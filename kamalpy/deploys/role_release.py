"""The operations that deploy a version of a role, in the order of the stages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from kamalpy._pyinfra import commands_of
from kamalpy.commands.app import Commit, Retirement, Times
from kamalpy.config import Configuration, ProxySection, Role
from kamalpy.deploys.plan import Stage, Step, would_change
from kamalpy.deploys.project import Project
from kamalpy.operations import app as operations
from kamalpy.operations import proxy
from kamalpy.operations.app.boot import Booting, boot_container, role_spec
from kamalpy.operations.app.commit import commit_release
from kamalpy.operations.app.release import checked_app, role_route
from kamalpy.operations.app.retire import retire_versions
from kamalpy.operations.app.switch import switch_route
from kamalpy.operations.argument_types import Health
from kamalpy.operations.base import Commands, SecretValues
from kamalpy.operations.proxy.config import pages_in
from kamalpy.spec.app import App
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.route import Route


@dataclass(frozen=True)
class RoleRelease:
    """
    A role in the version to deploy; ``host`` is always the current one.

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
    def app(self) -> App:
        """The role on a host."""
        return checked_app(self._config.service, self.role.name, self._config.destination)

    @property
    def names(self) -> dict[str, Any]:
        """The arguments by which operations know the role."""
        config = self._config
        return {
            "service": config.service,
            "role": self.role.name,
            "destination": config.destination,
        }

    @property
    def has_assets(self) -> bool:
        """Whether assets of two versions are merged."""
        return self.role.proxy is not None and self.role.asset_path is not None

    @property
    def has_files(self) -> bool:
        """Whether the proxy reads files of it."""
        section = self.role.proxy
        return section is not None and (section.custom_certificate or self.has_pages)

    @property
    def has_pages(self) -> bool:
        """Whether it has error pages of its own."""
        return bool(pages_in(self._error_pages))

    def env(self, host: str) -> Commands:
        """Write the file of its secrets."""
        return commands_of(
            operations.env,
            **self.names,
            secrets=self.project.secret_values(self.role.env(host)),
            secrets_as=self._config.kamalpy.secrets_of(self.role.name).place,
        )

    def assets(self, host: str) -> Commands:
        """Merge its assets with those of the version that runs."""
        return commands_of(
            operations.assets,
            **self.names,
            version=self._config.version,
            image=self._config.absolute_image,
            asset_path=self.role.asset_path or "",
            always=self.boots(host),
        )

    def files(self) -> Commands:
        """Write what the proxy reads: its certificate, its error pages."""
        section = self.role.proxy or ProxySection()
        certificate, key = section.certificate_pem, section.private_key_pem
        secret = self.project.secrets.secret
        return commands_of(
            proxy.config,
            **self.names,
            version=self._config.version,
            certificate=secret(certificate) if certificate else None,
            private_key=secret(key) if key else None,
            error_pages=self._error_pages,
        )

    def spec(self, host: str, secrets: SecretValues | None = None) -> ContainerSpec:
        """Describe its container, with its own secrets or others of their names."""
        role, config = self.role, self._config
        section = self.project.container_section(
            role, config.absolute_image, role.env(host), secrets, config.volumes
        )
        mount = ":".join(filter(None, (role.asset_path, role.asset_options)))
        return role_spec(
            self.app, config.version, host, section, mount if self.has_assets else None
        )

    def booting(self, host: str, wait: int = 0) -> Booting:
        """Describe what is booted, and how."""
        return Booting(**self._startup(wait), spec=self.spec(host), always=self.anew)

    def boot(self, host: str, wait: int = 0) -> Commands:
        """Start its container, and wait until it is healthy."""
        return boot_container(self.booting(host, wait))

    def switch(self, host: str) -> Commands:
        """Route requests to its new container."""
        always = self.boots(host) or self._renews()
        return switch_route(self.app, self._config.version, self.route, always=always)

    def commit(self, host: str) -> Commands:
        """Commit the release; all roles of a host commit at the same moment."""
        is_new = self._is_new(host)
        record = self._record(host) if is_new else None
        committed = Commit(self.app, self._config.version, self._config.absolute_image, record)
        return commit_release(committed, self._others(host), always=is_new)

    def retire(self, host: str) -> Commands:
        """Stop old versions; the last role on a host does what concerns all roles."""
        return self._retire(host, self._config.absolute_image)

    def revert(self) -> Commands:
        """Revert the release."""
        version, audit = self._config.version, self.project.audit()
        return commands_of(operations.revert, **self.names, version=version, audit=audit)

    @property
    def route(self) -> Route:
        """Its route behind the proxy."""
        config = self._config
        return self._route(
            error_pages=self.has_pages,
            deploy_timeout=config.deploy_timeout,
            drain_timeout=config.drain_timeout,
        )

    def boots(self, host: str) -> bool:
        """Return whether this deploy gives it a new container."""
        return would_change(self.boot(host))

    @property
    def stop_timeout(self) -> int | None:
        """The seconds that its container has to stop; None for the image's own."""
        if self.role.stop_timeout is not None or self.role.proxy is not None:
            return self.role.stop_timeout
        return self._config.drain_timeout

    @property
    def health(self) -> Health | None:
        """The host and port of the health check in x-kamalpy."""
        section = self._config.kamalpy.health
        return cast(Health, section.model_dump()) if self.role.proxy else None

    def _startup(self, wait: int) -> dict[str, Any]:
        config = self._config
        return {
            "app": self.app,
            "version": config.version,
            "probe": self._route() if self.role.proxy else None,
            "times": Times(config.deploy_timeout, config.readiness_delay, wait),
            "stop": self.stop_timeout,
            "audit": self.project.audit(),
        }

    def _route(self, **more: Any) -> Route:
        section = self.role.proxy or ProxySection()
        return role_route(self.app, self._config.version, section, self.health, **more)

    def _others(self, host: str) -> list[App]:
        return [self.project.app(each.name) for each in self.project.roles_on(host)]

    def _retire(self, host: str, image: str) -> Commands:
        config, is_last = self._config, self.role == self.project.roles_on(host)[-1]
        latest = config.latest_image if is_last else None
        retain = config.retain_containers
        old = Retirement(self.app, config.version, image, latest, retain, self.prune)
        audit, is_new = self.project.audit(), self._is_new(host)
        return retire_versions(old, self.stop_timeout, audit, is_new)

    def _is_new(self, host: str) -> bool:
        """Return whether it gets a new container, or a new route."""
        return self.boots(host) or (self.role.proxy is not None and would_change(self.switch(host)))

    def _record(self, host: str) -> str:
        route = self.route if self.role.proxy else None
        return self.booting(host).record(route, self.role.asset_path if self.has_assets else None)

    def _renews(self) -> bool:
        """Return whether a certificate changes, which the proxy reads only when it switches."""
        return self.has_files and would_change(self.files())

    @property
    def _error_pages(self) -> str | None:
        path = self._config.error_pages_path
        return None if path is None else str(self._config.root / path)


def role_step(
    project: Project,
    title: str,
    roles: Sequence[Role],
    operation: Callable[[Role, str], Commands],
    stage: Stage = Stage.PREPARE,
    group: Collection[str] | None = None,
    **more: Any,
) -> Step:
    """Make an operation for each of some roles, on all its hosts or on those of a group."""

    def operations(host: str) -> Iterator[Commands]:
        return (operation(role, host) for role in roles if host in role.hosts)

    hosts = project.play([host for role in roles for host in role.hosts])
    wanted = tuple(host for host in hosts if group is None or host in group)
    return Step(title, stage, wanted, operations, **more)
