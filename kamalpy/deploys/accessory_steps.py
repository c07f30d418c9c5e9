"""The steps of an accessory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import ParamSpec

from pyinfra.api.arguments_typed import PyinfraOperation

from kamalpy._pyinfra import commands_of
from kamalpy.config import Accessory
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.plan import Step, one, would_change
from kamalpy.deploys.project import Project
from kamalpy.errors import KamalpyError
from kamalpy.operations import accessory as operations
from kamalpy.operations import container, image, proxy
from kamalpy.operations.accessory.container import accessory_spec, check_accessory, run_accessory
from kamalpy.operations.base import Commands, SecretValues, noop
from kamalpy.operations.proxy.route import route_service
from kamalpy.spec.audit import Audit
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.route import Route

P = ParamSpec("P")


@dataclass(frozen=True)
class AccessorySteps:
    """The steps of an accessory on its hosts in play."""

    project: Project
    accessory: Accessory

    @classmethod
    def of(cls, project: Project) -> Iterator[AccessorySteps]:
        """List the accessories of a command."""
        return (cls(project, each) for each in project.accessories)

    def prerequisites(self) -> Iterator[Step]:
        """Ensure what it needs: a login, the network, and the proxy if that routes to it."""
        hosts = self.project.play(self.accessory.hosts)
        infrastructure = Infrastructure(self.project.turn_of(*hosts))
        yield from infrastructure.login(
            self.accessory.registry or self.project.config.registry, hosts
        )
        yield infrastructure.network()
        if self.accessory.proxy is not None:
            yield infrastructure.proxy(replace=False)

    def run(self) -> Iterator[Step]:
        """Run it as described in deploy.yml, with its directories, files and secrets."""
        yield self.call(f"Pull {self.accessory.image}", image.pull, image=self.accessory.image)
        yield from (self.directories(), self.files(), self._secrets())
        yield self.step("Run {}", lambda host: self._run(host, would_change(self._write_files())))
        yield from self.route()

    def check(self) -> Step:
        """Report how it differs from deploy.yml, without changing it."""
        return self.step("Look at {}", self._check)

    def reboot(self) -> Iterator[Step]:
        """Pull its image again, and replace its container."""
        yield from self.prerequisites()
        yield from (self.pull(), self.directories(), self.files(), self._secrets())
        yield self.step("Reboot {}", lambda host: self._run(host, always=True))
        yield from self.route()

    def pull(self) -> Step:
        """Pull its image, even if it exists."""
        name, audit = self.accessory.image, self.audit("Pull {} accessory image")
        return self.call(f"Pull {name}", image.pull, image=name, always=True, audit=audit)

    def directories(self) -> Step:
        """Ensure its directories exist."""
        service, paths = self.accessory.service_name, self.accessory.directories
        return self.call("Directories of {}", operations.directories, service, paths)

    def files(self) -> Step:
        """Ensure its files exist."""
        return self.step("Files of {}", lambda host: self._write_files())

    def route(self) -> Iterator[Step]:
        """Route requests to it, if it is behind the proxy."""
        to, name = self.target, self.accessory.service_name
        if to is not None:
            yield self.step("Route {}", lambda host: route_service(to, name))

    def unroute(self) -> Iterator[Step]:
        """Remove its route, if it is behind the proxy."""
        if self.accessory.proxy is not None:
            name = self.accessory.service_name
            yield self.call("Take {} off the proxy", proxy.unroute, service=name)

    def start(self) -> Iterator[Step]:
        """Start its container, and route requests to it."""
        yield self._container("Start", container.running, "Started")
        yield from self.route()

    def stop(self) -> Iterator[Step]:
        """Stop its container, after removing its route."""
        yield from self.unroute()
        yield self._container("Stop", container.stopped, "Stopped")

    def restart(self) -> Iterator[Step]:
        """Stop its container and start it."""
        yield self._container("Restart", container.restart, "Restarted")
        yield from self.route()

    def remove(self, data: bool) -> Iterator[Step]:
        """Remove its container and its image, with ``data`` its files as well."""
        name, audit = self.accessory.service_name, self.audit("Remove {} accessory container")
        yield from self.unroute()
        yield self.call("Remove {}", operations.absent, service=name, data=data, audit=audit)
        yield self.remove_image()

    def remove_container(self) -> Step:
        """Remove its container, which must have stopped."""
        name, audit = self.accessory.service_name, self.audit("Remove {} accessory container")
        return self.call("Remove {}", container.absent, name, running=False, audit=audit)

    def remove_data(self) -> Step:
        """Remove its files and data; its container must have stopped."""
        name = self.accessory.service_name
        return self.call("Remove the data of {}", operations.data_absent, service=name)

    def remove_image(self) -> Step:
        """Remove its image, unless a container uses it."""
        name, audit = self.accessory.image, self.audit("Removed {} accessory image")
        return self.call(f"Remove {name}", image.absent, image=name, audit=audit)

    @property
    def target(self) -> Route | None:
        """The route by which requests reach it, if it is behind the proxy."""
        config, section = self.project.config, self.accessory.proxy
        times = {"deploy_timeout": config.deploy_timeout, "drain_timeout": config.drain_timeout}
        return (
            Route.from_section(section, self.accessory.service_name, **times) if section else None
        )

    @property
    def env_file(self) -> str:
        """The path of its file of secrets, as in Kamal."""
        folder = self.project.config.service_and_destination
        return f".kamal/apps/{folder}/env/accessories/{self.accessory.name}.env"

    def spec(self, host: str, secrets: SecretValues | None = None) -> ContainerSpec:
        """Describe its container, with its own secrets or others of their names."""
        accessory = self.accessory
        section = self.project.container_section(
            accessory, accessory.image, accessory.env, secrets, accessory.volumes
        )
        return accessory_spec(
            accessory.service_name,
            host,
            replace(section, network=accessory.network),
            accessory.port,
            self.env_file,
            accessory.files,
            accessory.directories,
        )

    def audit(self, text: str) -> Audit:
        """Record a change of it."""
        return self.project.audit(text.format(self.accessory.name))

    def step(self, title: str, operation: Callable[[str], Commands]) -> Step:
        """Run an operation on all its hosts in play."""
        hosts = self.project.play(self.accessory.hosts)
        return one(title.format(self.accessory.name), hosts, operation)

    def call(
        self, title: str, operation: PyinfraOperation[P], /, *args: P.args, **kwargs: P.kwargs
    ) -> Step:
        """Run an operation with the same arguments on all its hosts in play."""
        return self.step(title, lambda host: commands_of(operation, *args, **kwargs))

    def _container(self, title: str, operation: PyinfraOperation[...], done: str) -> Step:
        name, audit = self.accessory.service_name, self.audit(f"{done} {{}} accessory")
        return self.call(f"{title} {{}}", operation, container=name, audit=audit)

    def _check(self, host: str) -> Commands:
        """
        Compare its container with deploy.yml.

        An error stops no deploy of the app: its secrets, for example, may only be known where the
        accessory is booted.
        """
        try:
            yield from check_accessory(self.spec(host))
        except KamalpyError as error:
            service = self.accessory.service_name
            noop(f"cannot tell whether {service} is as it should be: {error}")

    def _run(self, host: str, always: bool) -> Commands:
        audit = self.audit("Booted {} accessory")
        return run_accessory(self.spec(host), always=always, audit=audit)

    def _secrets(self) -> Step:
        config, accessory = self.project.config, self.accessory
        return self.call(
            "Secrets of {}",
            operations.env,
            service=accessory.service_name,
            secrets=self.project.secret_values(accessory.env),
            secrets_as=config.kamalpy.secrets_of(accessory.name).place,
            env_file=self.env_file,
        )

    def _write_files(self) -> Commands:
        return commands_of(
            operations.files,
            service=self.accessory.service_name,
            files=self.accessory.files,
            env=self.accessory.env.clear,
            secrets=self.project.secret_values(self.accessory.env),
            root=str(self.project.config.root),
            environ=self.project.config.environ,
        )
