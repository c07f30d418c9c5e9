"""The app's steps of a deploy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from kamalpy.config import Configuration, Role
from kamalpy.deploys.plan import Stage, Step, would_change
from kamalpy.deploys.project import Project
from kamalpy.operations import app, image


@dataclass(frozen=True)
class AppSteps:
    """What happens to every role of an app."""

    project: Project

    @property
    def _config(self) -> Configuration:
        return self.project.config

    def prepare(self) -> Iterator[Step]:
        """Fetch the image and write the secrets: nothing that anybody sees."""
        config = self._config
        yield Step(
            f"Pull {config.absolute_image}",
            Stage.PREPARE,
            self.project.play(config.app_hosts),
            image.pull,
            self._pull,
        )
        for role in config.roles:
            yield Step(
                f"Secrets of {role.name}",
                Stage.PREPARE,
                self.project.play(role.hosts),
                app.env,
                partial(self._secrets, role),
            )

    def boot(self) -> Iterator[Step]:
        """Start the new containers, the primary role's first host before all others."""
        for role in self._config.roles:
            for title, hosts in self._groups(role):
                yield Step(
                    f"Boot {role.name} {self._config.abbreviated_version}{title}",
                    Stage.BOOT,
                    hosts,
                    app.boot,
                    partial(self._boot, role),
                )

    def switch(self) -> Iterator[Step]:
        """Send requests to the new containers."""
        for role in self._config.roles:
            if role.proxy is None:
                continue
            for title, hosts in self._groups(role):
                yield Step(
                    f"Switch {role.name} to {self._config.abbreviated_version}{title}",
                    Stage.SWITCH,
                    hosts,
                    app.switch,
                    partial(self._switch, role),
                )

    def retire(self) -> Iterator[Step]:
        """Stop the old containers."""
        for role in self._config.roles:
            yield Step(
                f"Retire old versions of {role.name}",
                Stage.RETIRE,
                self.project.play(role.hosts),
                app.retire,
                partial(self._retire, role),
            )

    def revert(self) -> Iterator[Step]:
        """Go back, where anything has failed anywhere."""
        for role in self._config.roles:
            yield Step(
                f"Revert {role.name}",
                Stage.REVERT,
                self.project.play(role.hosts),
                app.revert,
                partial(self._revert, role),
            )

    def _groups(self, role: Role) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Divide a role's hosts: the primary one first, the others by ``boot.limit``."""
        hosts = self.project.play(role.hosts)
        limit = self._config.boot.limit_for(len(self._config.hosts)) or len(hosts) or 1
        first = hosts[:1] if role.primary and len(hosts) > 1 else ()
        rest = hosts[len(first) :]
        groups = [group for group in (first, *_slices(rest, limit)) if group]
        for number, group in enumerate(groups, 1):
            yield (f" ({number}/{len(groups)})" if len(groups) > 1 else ""), group

    def _identity(self, role: Role) -> dict[str, Any]:
        config = self._config
        return {
            "service": config.service,
            "role": role.name,
            "destination": config.destination,
        }

    def _pull(self, host: str) -> Mapping[str, Any]:
        config = self._config
        return {
            "image": config.absolute_image,
            "service": config.service,
            "destination": config.destination,
            "performer": self.project.performer,
        }

    def _secrets(self, role: Role, host: str) -> Mapping[str, Any]:
        return {**self._identity(role), "secrets": self.project.secret_values(role.env(host))}

    def _boot(self, role: Role, host: str) -> Mapping[str, Any]:
        config, env = self._config, role.env(host)
        return {
            **self._identity(role),
            "version": config.version,
            "image": config.absolute_image,
            "cmd": role.cmd,
            "env": env.clear,
            "secrets": self.project.secret_values(env),
            "volumes": config.volumes,
            "labels": role.labels,
            "options": role.options,
            "restart": role.restart,
            "logging": role.logging,
            "proxy": role.proxy,
            "health": self._health(role),
            "deploy_timeout": config.deploy_timeout,
            "readiness_delay": config.readiness_delay,
            "stop_timeout": self._stop_timeout(role),
            "performer": self.project.performer,
        }

    def _switch(self, role: Role, host: str) -> Mapping[str, Any]:
        config = self._config
        return {
            **self._identity(role),
            "version": config.version,
            "proxy": role.proxy,
            "health": self._health(role),
            "error_pages": config.error_pages_path is not None,
            "deploy_timeout": config.deploy_timeout,
            "drain_timeout": config.drain_timeout,
            "always": self._boots(role, host),
        }

    def _retire(self, role: Role, host: str) -> Mapping[str, Any]:
        config = self._config
        return {
            **self._identity(role),
            "version": config.version,
            "image": config.absolute_image,
            "latest": config.latest_image,
            "retain_containers": config.retain_containers,
            "stop_timeout": self._stop_timeout(role),
            "performer": self.project.performer,
            "always": self._boots(role, host),
        }

    def _revert(self, role: Role, host: str) -> Mapping[str, Any]:
        return {
            **self._identity(role),
            "version": self._config.version,
            "performer": self.project.performer,
        }

    def _boots(self, role: Role, host: str) -> bool:
        """Tell whether this deploy gives a role a new container on the host at hand."""
        return would_change(app.boot, self._boot(role, host))

    def _stop_timeout(self, role: Role) -> int | None:
        if role.stop_timeout is not None or role.proxy is not None:
            return role.stop_timeout
        return self._config.drain_timeout

    def _health(self, role: Role) -> Mapping[str, Any] | None:
        health = self._config.kamalpy.health
        return {"host": health.host, "port": health.port} if role.proxy else None


def _slices(hosts: tuple[str, ...], size: int) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(hosts), size):
        yield hosts[start : start + size]
