"""From a Dockerfile to the image on the servers: ``build push`` here, ``build pull`` there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyinfra import logger
from pyinfra.api.arguments_typed import PyinfraOperation

from kamalpy._pyinfra import run_object, this_host
from kamalpy._pyinfra.tunnel import SILENT, is_listening
from kamalpy.commands import signature
from kamalpy.commands.builder import Buildx
from kamalpy.config import Builder, Configuration
from kamalpy.config.machine import architecture
from kamalpy.connectors.hooks import PreConnect, path_of
from kamalpy.deploys.app_steps import AppSteps
from kamalpy.deploys.delivery import Delivery, check_ports, try_inspect
from kamalpy.deploys.deploy_command import DeployCommand, declared, deploy_command, divided
from kamalpy.deploys.infrastructure import Infrastructure
from kamalpy.deploys.plan import Step
from kamalpy.deploys.queries import deploy_queries
from kamalpy.deploys.registry import on_this_machine, start_registry
from kamalpy.errors import DeployError
from kamalpy.operations import build, hook
from kamalpy.operations.build.clone import uncommitted
from kamalpy.operations.build.process import run

LOCAL = "@local"


def _command(name: str) -> Callable[[Callable[..., None]], PyinfraOperation[...]]:
    """Declare a deploy of operations that run on this machine, with ``@local``."""

    def declare(operations: Callable[..., None]) -> PyinfraOperation[...]:
        def deploy(*values: Any, **arguments: Any) -> None:
            if this_host().name != LOCAL:
                words = f"pyinfra {LOCAL} kamalpy.deploys:{operations.__name__}"
                raise DeployError(f"{name} runs on this machine: {words}")
            own, options = divided(operations, values, arguments)
            operations(BuildSteps(DeployCommand.of(name, options, locks=False)), **own)

        return declared(name, deploy, operations)

    return declare


@_command("build push")
def build_push(
    steps: BuildSteps, output: str = "registry", no_cache: bool = False, only_missing: bool = False
) -> None:
    """
    Build the app's image on this machine and push it: ``pyinfra @local ...``.

    + output: ``registry`` pushes, ``docker`` loads it into this machine's Docker
    + no_cache: use no layer of an earlier build
    + only_missing: do nothing if the registry has the version already
    """
    steps.push(output, no_cache, only_missing)


@_command("build dev")
def build_dev(steps: BuildSteps, output: str = "docker", no_cache: bool = False) -> None:
    """
    Build the app's image from the project's folder as it is, its tags ending in ``-dirty``.

    + output: ``docker`` loads it into this machine's Docker, ``registry`` pushes
    + no_cache: use no layer of an earlier build
    """
    steps.dev(output, no_cache)


@_command("build create")
def build_create(steps: BuildSteps) -> None:
    """Create the buildx builder on this machine: ``pyinfra @local ...``."""
    build.create(name="Create the builder", **steps.builder)


@_command("build remove")
def build_remove(steps: BuildSteps) -> None:
    """Remove the buildx builder from this machine: ``pyinfra @local ...``."""
    build.remove(name="Remove the builder", **steps.builder)


@_command("image")
def image_resolve(steps: BuildSteps) -> None:
    """Read the image's digest and platforms from its registry: ``pyinfra @local ...``."""
    steps.start_registry()
    steps.verify(steps.inspect())


@deploy_command("build pull", deploy_queries, locks=False)
def build_pull(command: DeployCommand) -> Iterator[Step]:
    """Fetch the app's image, even where it is there: its tag may have moved."""
    yield from Infrastructure(command.project).logins()
    yield AppSteps(command.project, command.hooks).pull(always=True)


def details(config: Configuration) -> Iterator[str]:
    """Describe the builder of a configuration, as buildx knows it."""
    section = config.builder or Builder()
    buildx = Buildx.of(section, architecture(), config.registry.local)
    yield f"Builder: {buildx.kind}"
    words = ["docker", "buildx", "inspect", *([buildx.name] if buildx.name else [])]
    yield from run(words).text.splitlines()


@dataclass(frozen=True)
class BuildSteps:
    """The operations of a build, on this machine."""

    command: DeployCommand

    @property
    def _config(self) -> Configuration:
        return self.command.project.config

    @property
    def _section(self) -> Builder:
        if self._config.builder is None:
            raise DeployError(
                f"{self._config.file}: builder: is required; write it like "
                '"builder: {arch: amd64}"'
            )
        return self._config.builder

    @property
    def builder(self) -> Mapping[str, Any]:
        """The arguments that name a builder."""
        return {
            "builder": self._section,
            "machine": architecture(),
            "local_registry": self._config.registry.local,
        }

    def push(self, output: str, no_cache: bool, only_missing: bool) -> None:
        """Build and push, unless the registry has the image and ``only_missing`` is set."""
        self._check()
        if not self.command.options.skip_hooks:
            run_object(PreConnect).call(self._config)
        self.start_registry()
        found = self.inspect() if only_missing and not no_cache else None
        exists = found is not None and found.fits(self._config.service, self._section.arches)
        if exists:
            self.verify(found)
        else:
            self._warn()
            self._login(output)
            self._hook()
        self._image(output, no_cache, exists)
        if not exists and output == "registry":
            on_this_machine(
                name="Read the digest that was pushed", act=lambda: self.verify(self.inspect())
            )

    def start_registry(self) -> None:
        """Start the registry that deploy.yml puts on this machine, if it does not run."""
        registry, port = self._config.registry, self._config.tunnel_port
        if port is None or is_listening(port):
            return

        def act() -> None:
            start_registry(registry)
            if not is_listening(port, within=10):
                raise DeployError(SILENT.format(port))

        on_this_machine(name=f"Start the registry {registry.server}", act=act)

    def verify(self, found: Delivery | None) -> None:
        """Verify the signature of what the registry has, where deploy.yml says how."""
        config = self._config
        if config.kamalpy.verify is None:
            return
        if found is None:
            raise DeployError(
                f"{config.absolute_image}: its signature cannot be verified, since the registry "
                "does not have it or cannot be read from this machine"
            )
        image = f"{config.repository}@{found.digest}"
        done = run(signature.verify(config.kamalpy.verify, image), config.root)
        if done.status:
            raise DeployError(
                f"{image}: is not signed as x-kamalpy/verify requires\n{done.text.strip()}"
            )

    def inspect(self) -> Delivery | None:
        """Read what the registry has of the image, if it has it and can be read from here."""
        found = try_inspect(self.command.project)
        if found is not None:
            check_ports(self._config, found)
        return found

    def dev(self, output: str, no_cache: bool) -> None:
        """Build what is in the project's folder."""
        self._check()
        section = self._section.model_copy(update={"context": self._section.context or "."})
        self._image(output, no_cache, False, section, "-dirty")

    def _image(
        self,
        output: str,
        no_cache: bool,
        exists: bool,
        section: Builder | None = None,
        suffix: str = "",
    ) -> None:
        config, project = self._config, self.command.project
        image = f"{config.absolute_image}{suffix}"
        builder = section or self._section
        build.image(
            name=f"Build {image}" + (" and push it" if output == "registry" else ""),
            image=image,
            latest=f"{config.latest_image}{suffix}",
            service=config.service,
            builder=builder,
            server=config.registry.server,
            machine=architecture(),
            secrets={name: project.secrets.secret(name) for name in builder.secrets},
            environ=config.environ,
            root=str(config.root),
            output=output,
            no_cache=no_cache,
            exists=exists,
        )

    def _login(self, output: str) -> None:
        """Log in where images are pushed to; a remote builder uses this login as well."""
        to = self._config.registry
        if not to.local and output == "registry" and to.username is not None:
            arguments = Infrastructure(self.command.project).credentials(to)
            build.login(name=f"Log in to {to.server or 'Docker Hub'}", **arguments)

    def _hook(self) -> None:
        path = path_of(self._config, "pre-build")
        if path is None or self.command.options.skip_hooks:
            return
        hosts = self.command.project.run.command.hosts or self._config.hosts
        hook.run(
            name="Hook pre-build", **self.command.hooks.arguments("pre-build", hosts, lock=False)
        )

    def _warn(self) -> None:
        """Warn about uncommitted changes, which a build from a clone leaves out."""
        changes = uncommitted(self._config.root)
        if changes:
            how = (
                "Building from a local git clone, so ignoring these uncommitted changes:"
                if self._section.context is None
                else "Building with these uncommitted changes:"
            )
            logger.warning(f"{how}\n{changes}")

    def _check(self) -> None:
        """Refuse what cannot work; what else the docker driver can do depends on the engine."""
        if self._section.driver == "docker" and self._section.remote is not None:
            raise DeployError(
                f"{self._config.where('builder', 'remote')}: builder/remote: does not work with "
                "the docker driver; remove it, or remove builder/driver"
            )
