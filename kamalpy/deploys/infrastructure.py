"""The steps for what an app stands on: Docker, registries, networks, the proxy, accessories."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from pyinfra.api.arguments_typed import PyinfraOperation

from kamalpy._pyinfra import commands_of
from kamalpy.config import Accessory, Configuration, ProxyRun, Registry, Role
from kamalpy.deploys.plan import Stage, Step, would_change
from kamalpy.deploys.project import Project
from kamalpy.operations import accessory, image, network, proxy, registry, server
from kamalpy.secrets import Secret


@dataclass(frozen=True)
class Infrastructure:
    """What must be there before an app can be."""

    project: Project

    @property
    def _config(self) -> Configuration:
        return self.project.config

    def turn_of(self, *hosts: str) -> Infrastructure:
        """Look at some of the hosts alone."""
        in_play = self.project.play(hosts)
        return Infrastructure(self.project.turn_of(*in_play)) if in_play else self

    def docker(self) -> Iterator[Step]:
        """Install Docker everywhere."""
        yield Step(
            "Install Docker",
            Stage.PREPARE,
            self.project.play(self._config.hosts),
            server.docker,
            lambda host: {"user": self._config.ssh.user},
        )

    def logins(self, with_accessories: bool) -> Iterator[Step]:
        """Log in to each registry on the hosts that fetch from it."""
        config = self._config
        yield from self._login(config.registry, self.project.app_hosts)
        for each in config.accessories if with_accessories else ():
            if each.registry is not None:
                yield from self._login(each.registry, each.hosts)

    def network(self) -> Iterator[Step]:
        """Have the network on which containers find each other."""
        yield Step(
            "Create the network kamal",
            Stage.PREPARE,
            self.project.play(self._config.hosts),
            network.present,
            lambda host: {},
        )

    def proxy(self, replace: bool) -> Iterator[Step]:
        """Have the proxy run where something is behind it."""
        yield Step(
            "Run kamal-proxy",
            Stage.PREPARE,
            self.project.play(self._config.proxy_hosts),
            proxy.container,
            lambda host: {**self._proxy(host), "replace": replace},
        )

    def accessories(self) -> Iterator[Step]:
        """Have each accessory, with its directories, files and secrets."""
        for each in self._config.accessories:
            yield from self.accessory(each)

    def accessory(self, of: Accessory) -> Iterator[Step]:
        """Have an accessory, with its directories, files and secrets."""
        yield self._of(of, "Pull {0.image}", image.pull, self._image)
        yield self._of(of, "Directories of {0.name}", accessory.directories, self._directories)
        yield self._of(of, "Files of {0.name}", accessory.files, self._files)
        yield self._of(of, "Secrets of {0.name}", accessory.env, self._secrets)
        yield self._of(of, "Run {0.name}", accessory.container, self._container)
        if of.proxy is not None:
            yield self._of(of, "Route {0.name}", proxy.route, self.route)

    def _of(
        self,
        of: Accessory,
        title: str,
        operation: PyinfraOperation[...],
        arguments: Callable[[Accessory, str], Mapping[str, Any]],
    ) -> Step:
        """Make a step for an accessory on all its hosts in play."""
        hosts = self.project.play(of.hosts)
        return Step(title.format(of), Stage.PREPARE, hosts, operation, partial(arguments, of))

    def _login(self, of: Registry, hosts: tuple[str, ...]) -> Iterator[Step]:
        if of.local or of.username is None:
            return
        yield Step(
            f"Log in to {of.server or 'Docker Hub'}",
            Stage.PREPARE,
            self.project.play(hosts),
            registry.login,
            lambda host: self.credentials(of),
        )

    def credentials(self, of: Registry) -> Mapping[str, Any]:
        """Say how to log in to a registry."""
        word = self.project.secret(of.password)
        return {
            "server": of.server,
            "username": self.project.secret(of.username),
            "password": Secret.of("password", word) if isinstance(word, str) else word,
        }

    def route(self, of: Accessory, host: str) -> Mapping[str, Any]:
        """Say how requests reach an accessory."""
        return {
            "service": of.service_name,
            "container": of.service_name,
            "proxy": of.proxy,
            "deploy_timeout": self._config.deploy_timeout,
            "drain_timeout": self._config.drain_timeout,
        }

    def run(self, host: str) -> ProxyRun:
        """Find how the proxy of a host is to run, if nothing on the host says otherwise."""
        return self._wanted_run(host) or ProxyRun()

    def _wanted_run(self, host: str) -> ProxyRun | None:
        """Find what deploy.yml insists on; the configuration has made sure that all parts agree."""
        behind: list[Role | Accessory] = [*self._config.roles, *self._config.accessories]
        runs = (each.proxy.run for each in behind if each.proxy and host in each.hosts)
        return next((run for run in runs if run is not None), None)

    def _proxy(self, host: str) -> Mapping[str, Any]:
        return {
            **self.proxy_container(host),
            "shared": self._wanted_run(host) is None,
            "audit": self.project.audit(),
        }

    def proxy_container(self, host: str) -> Mapping[str, Any]:
        """Say how the proxy's container is described."""
        run = self.run(host)
        return {
            "image": run.image,
            "publish": run.publish,
            "http_port": run.http_port,
            "https_port": run.https_port,
            "bind_ips": run.bind_ips or (),
            "log_max_size": run.log_max_size,
            "metrics_port": run.metrics_port,
            "debug": run.debug,
            "options": run.options,
        }

    def _image(self, of: Accessory, host: str) -> Mapping[str, Any]:
        return {"image": of.image}

    def _directories(self, of: Accessory, host: str) -> Mapping[str, Any]:
        return {"service": of.service_name, "directories": of.directories}

    def _files(self, of: Accessory, host: str) -> Mapping[str, Any]:
        return {
            "service": of.service_name,
            "files": of.files,
            "env": of.env.clear,
            "secrets": self.project.secret_values(of.env),
            "root": str(self._config.root),
            "environ": self._config.environ,
        }

    def _secrets(self, of: Accessory, host: str) -> Mapping[str, Any]:
        return {
            "service": of.service_name,
            "secrets": self.project.secret_values(of.env),
            "secrets_as": self._config.kamalpy.secrets_of(of.name).place,
            "env_file": self.env_file(of),
        }

    def _container(self, of: Accessory, host: str) -> Mapping[str, Any]:
        return {
            **self.container(of),
            "secrets": self.project.secret_values(of.env),
            "always": self._writes_files(of, host),
            "audit": self.project.audit(f"Booted {of.name} accessory"),
        }

    def container(self, of: Accessory) -> Mapping[str, Any]:
        """Say how an accessory's container is described, but for its secrets."""
        return {
            "service": of.service_name,
            "image": of.image,
            "cmd": of.cmd,
            "port": of.port,
            "env": of.env.clear,
            "secrets_as": self._config.kamalpy.secrets_of(of.name).place,
            "secrets_owner": self._config.kamalpy.secrets_of(of.name).owner,
            "env_file": self.env_file(of),
            "files": of.files,
            "directories": of.directories,
            "volumes": of.volumes,
            "labels": of.labels,
            "options": of.options,
            "restart": of.restart,
            "logging": of.logging,
            "network": of.network,
        }

    def env_file(self, of: Accessory) -> str:
        """Name the file of an accessory's secrets, where Kamal has it."""
        folder = self._config.service_and_destination
        return f".kamal/apps/{folder}/env/accessories/{of.name}.env"

    def _writes_files(self, of: Accessory, host: str) -> bool:
        """Tell whether a file that is mounted changes: a container keeps the one it began with."""
        return would_change(commands_of(accessory.files, **self._files(of, host)))
