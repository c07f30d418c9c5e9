"""One deploy.yml, resolved: what every other floor reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from kamalpy.config import document
from kamalpy.config.accessory import EVERY, Accessory
from kamalpy.config.boot import Boot
from kamalpy.config.builder import Builder
from kamalpy.config.env import Env
from kamalpy.config.extension import Kamalpy
from kamalpy.config.image import Image
from kamalpy.config.logging import Logging
from kamalpy.config.output import Output
from kamalpy.config.problems import locate
from kamalpy.config.proxy import ProxySection
from kamalpy.config.registry import Registry
from kamalpy.config.role import Role
from kamalpy.config.ssh import Ssh, Sshkit
from kamalpy.config.version import abbreviate, git_version
from kamalpy.errors import ConfigurationError, DeployError, Problem


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """
    One deploy.yml, its destination laid over it.

    Nothing is read or run after ``load``, except for git when ``version`` is read.
    ``environ`` is the environment as the templates left it (``Dotenv.load``): secrets and hooks
    see it, too. ``warnings`` are valid for Kamal, but probably unintended.
    """

    file: str
    destination: str | None
    root: Path
    service: str
    image: str
    registry: Registry
    roles: tuple[Role, ...]
    accessories: tuple[Accessory, ...]
    env: Env
    proxy: ProxySection | None
    labels: Mapping[str, str]
    volumes: tuple[str, ...]
    asset_path: str | None
    hooks_path: str
    hooks_output: str | Mapping[str, str] | None
    secrets_path: str
    error_pages_path: str | None
    require_destination: bool
    allow_empty_roles: bool
    retain_containers: int
    minimum_version: str | None
    readiness_delay: int
    deploy_timeout: int
    drain_timeout: int
    stop_timeout: int | None
    ssh: Ssh
    sshkit: Sshkit
    boot: Boot
    builder: Builder | None
    logging: Logging
    output: Output | None
    aliases: Mapping[str, str]
    kamalpy: Kamalpy
    warnings: tuple[Problem, ...] = ()
    document: document.Mapping = field(repr=False)
    environ: Mapping[str, str] = field(repr=False)
    asked_version: str | None = None
    given_image: str | None = None

    def role(self, name: str) -> Role | None:
        """Find a role by name."""
        return next((role for role in self.roles if role.name == name), None)

    def accessory(self, name: str) -> Accessory | None:
        """Find an accessory by name."""
        return next((accessory for accessory in self.accessories if accessory.name == name), None)

    def accessories_called(self, name: str) -> tuple[Accessory, ...]:
        """Find an accessory by its name, or with ``all`` every one; raises where there is none."""
        if name == EVERY:
            return self.accessories
        found = self.accessory(name)
        if found is None:
            names = ", ".join(each.name for each in self.accessories)
            choice = f"it has {names}" if names else "it has none"
            raise DeployError(f"{name}: no accessory of {self.file}; {choice}")
        return (found,)

    @property
    def primary_role(self) -> Role:
        """The role that goes first."""
        if self.roles:
            return self.roles[0]
        problem = Problem("is not there, only accessories are", "add servers", "servers", self.file)
        raise ConfigurationError([problem])

    @property
    def primary_host(self) -> str:
        """The first host of the primary role."""
        return self.primary_role.hosts[0]

    @cached_property
    def hosts(self) -> tuple[str, ...]:
        """Every host once: those of the roles in alphabetical order, then of the accessories."""
        return _unique((*self.app_hosts, *self.accessory_hosts))

    @cached_property
    def app_hosts(self) -> tuple[str, ...]:
        """The hosts of the roles."""
        return _unique(host for role in self.sorted_roles for host in role.hosts)

    @cached_property
    def accessory_hosts(self) -> tuple[str, ...]:
        """The hosts of the accessories."""
        return _unique(host for accessory in self.accessories for host in accessory.hosts)

    @cached_property
    def proxy_hosts(self) -> tuple[str, ...]:
        """The hosts that run the proxy, for a role or for an accessory."""
        behind: list[Role | Accessory] = [*self.sorted_roles, *self.accessories]
        return _unique(host for part in behind if part.proxy is not None for host in part.hosts)

    @property
    def sorted_roles(self) -> tuple[Role, ...]:
        """The roles in alphabetical order, which is Kamal's order of hosts."""
        return tuple(sorted(self.roles, key=lambda role: role.name))

    @cached_property
    def version(self) -> str:
        """The version to deploy; raises ``VersionError`` when there is none."""
        given = Image(self.given_image or "").version
        requested = (
            self.asked_version or given or self.environ.get("VERSION") or self._pinned.version
        )
        from_clone = self.builder is None or self.builder.context is None
        return requested or git_version(self.root, from_clone=from_clone)

    def with_image(self, image: str) -> Configuration:
        """Deploy an image as it is, named as ``docker pull`` takes it; it needs a tag or digest."""
        given = Image(image)
        if given.version is None:
            raise DeployError(f"--image {image}: has no tag and no digest; write {image}:TAG")
        if self.asked_version is not None:
            raise DeployError(f"--image {image}: sets the version; remove --version")
        return replace(self, given_image=image)

    @property
    def is_built(self) -> bool:
        """Whether the image is built from a Dockerfile; otherwise it is deployed as it is."""
        if self.given_image is not None:
            return False
        written = Image(self.image).version is not None
        return self.kamalpy.build and not (self.builder is None and written)

    @property
    def tunnel_port(self) -> int | None:
        """The port of the registry on this machine that servers reach through a tunnel, if any."""
        return self.registry.port if self.is_built else None

    @property
    def _pinned(self) -> Image:
        return Image("" if self.is_built else self.given_image or self.image)

    @property
    def abbreviated_version(self) -> str:
        """The version as it is shown."""
        return abbreviate(self.version)

    @property
    def repository(self) -> str:
        """The image with its registry, without a tag."""
        return self._served(self._pinned.name or self.image)

    @property
    def absolute_image(self) -> str:
        """The image to run: with its version, or as it is written when it is pinned."""
        if self._pinned.version is not None and self._pinned.version == self.version:
            return self._served(self._pinned.written)
        return f"{self.repository}:{self.version}"

    def _served(self, image: str) -> str:
        is_whole = self.given_image is not None or self.registry.server is None
        return image if is_whole else f"{self.registry.server}/{image}"

    @property
    def latest_tag(self) -> str:
        """The tag of the version that was deployed last."""
        return "latest" if self.destination is None else f"latest-{self.destination}"

    @property
    def latest_image(self) -> str:
        """The image of the version that was deployed last."""
        return f"{self.repository}:{self.latest_tag}"

    @property
    def service_with_version(self) -> str:
        """The service and its version."""
        return f"{self.service}-{self.version}"

    @property
    def service_and_destination(self) -> str:
        """The service and its destination, if it has one."""
        return self.service if self.destination is None else f"{self.service}-{self.destination}"

    def hooks_output_for(self, hook: str) -> str | None:
        """Return ``quiet`` or ``verbose`` for a hook, None when unset."""
        if self.hooks_output is None or isinstance(self.hooks_output, str):
            return self.hooks_output
        return self.hooks_output.get(hook)

    def where(self, *path: str | int) -> str:
        """Return where a key or its nearest parent is written: ``config/deploy.yml:8``."""
        return str(locate(self.document, path)[1])


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
