"""``accessories``: what runs beside the app, such as its database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import Field

from kamalpy.config.accessory_paths import AccessoryDirectory, AccessoryFile, PathSection
from kamalpy.config.docker_options import (
    DEFAULT_RESTART,
    OPTION_RULES,
    label_faults,
    option_faults,
    restart_faults,
    without_restart,
)
from kamalpy.config.env import Env, EnvSection
from kamalpy.config.faults import Fault
from kamalpy.config.hosts import HostItem
from kamalpy.config.kinds import Option, Text
from kamalpy.config.logging import Logging
from kamalpy.config.proxy import ProxySection
from kamalpy.config.registry import Registry, RegistrySection
from kamalpy.config.section import Section

EVERY = "all"
"""What stands for every accessory where one is asked for by name."""
WHERE = ("host", "hosts", "role", "roles", "tag", "tags")


@dataclass(frozen=True, slots=True)
class Accessory:
    """What runs beside the app; it is booted on its own and stays when the app is deployed."""

    name: str
    service_name: str
    image: str
    hosts: tuple[str, ...]
    registry: Registry | None = None
    cmd: str | None = None
    port: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    restart: str = DEFAULT_RESTART
    env: Env = Env()  # noqa: RUF009
    files: tuple[AccessoryFile, ...] = ()
    directories: tuple[AccessoryDirectory, ...] = ()
    volumes: tuple[str, ...] = ()
    network: str = "kamal"
    proxy: ProxySection | None = None
    logging: Logging = Logging.model_construct()  # noqa: RUF009


class AccessorySection(Section):
    """One accessory as written."""

    former: ClassVar[Mapping[str, str]] = {
        "logging": "write it at the root, where it holds for accessories as well",
        "restart": 'write it under options, as in "options: {restart: always}"',
        "ports": 'write one under port, as in "port: 127.0.0.1:5432:5432"',
        "environment": "write env, with clear and secret",
        "command": "write cmd",
    }
    rules: ClassVar[Mapping[str, Any]] = {
        **OPTION_RULES,
        "oneOf": [{"required": [key]} for key in WHERE],
    }

    service: Text | None = Field(
        None, description="Name of its container; SERVICE-NAME when absent.", examples=["blog-db"]
    )
    image: Text = Field(
        "",
        description="Image, without the server of a registry that stands here.",
        examples=["postgres:17"],
    )
    registry: RegistrySection | None = Field(
        None,
        description="Registry of the image; Docker Hub when absent.",
        examples=[{"server": "ghcr.io", "username": "me", "password": ["GHCR_TOKEN"]}],
    )
    host: Text | None = Field(None, description="Host it runs on.", examples=["192.0.2.5"])
    hosts: tuple[HostItem, ...] | None = Field(
        None, description="Hosts it runs on.", examples=[["192.0.2.5", "192.0.2.6"]]
    )
    role: Text | None = Field(None, description="Role whose hosts it runs on.", examples=["web"])
    roles: tuple[Text, ...] | None = Field(
        None, description="Roles whose hosts it runs on.", examples=[["web", "jobs"]]
    )
    tag: Text | None = Field(None, description="Tag whose hosts it runs on.", examples=["writer"])
    tags: tuple[Text, ...] | None = Field(
        None, description="Tags whose hosts it runs on.", examples=[["writer", "reader"]]
    )
    cmd: Text | None = Field(
        None, description="Command to run instead of the image's.", examples=["bin/mysqld"]
    )
    port: Text | None = Field(
        None,
        description="Port to publish: one for both sides, or host:container.",
        examples=['"127.0.0.1:5432:5432"'],
    )
    labels: dict[str, Text] = Field(
        {}, description="More labels of the container.", examples=[{"app": "blog"}]
    )
    options: dict[str, Option] = Field(
        {}, description="More options of docker run.", examples=[{"cpus": 2}]
    )
    env: EnvSection = Field(
        EnvSection.model_construct(),
        description="Variables of the container.",
        examples=[{"clear": {"POSTGRES_USER": "blog"}, "secret": ["POSTGRES_PASSWORD"]}],
    )
    files: tuple[PathSection, ...] = Field(
        (),
        description="Files to copy to the host and mount; .erb and .j2 are rendered.",
        examples=[["config/my.cnf:/etc/mysql/my.cnf"]],
    )
    directories: tuple[PathSection, ...] = Field(
        (),
        description="Directories to make on the host and mount.",
        examples=[["data:/var/lib/postgresql/data"]],
    )
    volumes: tuple[Text, ...] = Field(
        (), description="Mounts that are passed on as they are.", examples=[["data:/data"]]
    )
    network: Text = Field("kamal", description="Docker network.", examples=["kamal"])
    proxy: ProxySection | None = Field(
        None, description="Put it behind the proxy.", examples=[{"host": "db.example.com"}]
    )

    @classmethod
    def prepare(cls, raw: Any) -> Any:
        """Leave out an empty registry and an empty or switched off proxy: they say nothing."""
        if not isinstance(raw, dict):
            return raw
        return {key: value for key, value in raw.items() if not _says_nothing(key, value)}

    @classmethod
    def faults(cls, raw: Mapping[str, Any], context: Any) -> Iterator[Fault]:
        """Require one place to run, and leave alone what belongs to the deploy."""
        chosen = [key for key in WHERE if key in raw]
        if not chosen:
            yield Fault("runs nowhere", 'add "host: HOST", or hosts, role, roles, tag or tags')
        for key in chosen[1:]:
            how = f"keep one of {' and '.join(chosen)}"
            what = f"names the hosts a second time, after {chosen[0]}"
            yield Fault(what, how, (key,), other=("..", chosen[0]))
        yield from label_faults(raw)
        yield from restart_faults(raw)
        yield from option_faults(raw, cls.key_names())

    def resolve(
        self, name: str, service: str, hosts: tuple[str, ...], logging: Logging
    ) -> Accessory:
        """Give the accessory as other floors know it."""
        registry = self.registry.resolve() if self.registry is not None else None
        server = registry.server if registry is not None else None
        return Accessory(
            name=name,
            service_name=f"{service}-{name}" if self.service is None else self.service,
            image=self.image if server is None else f"{server}/{self.image}",
            hosts=hosts,
            registry=registry,
            cmd=self.cmd,
            port=_published(self.port),
            labels=dict(self.labels),
            options=without_restart(self.options),
            restart=str(self.options.get("restart", DEFAULT_RESTART)),
            env=self.env.resolve(),
            files=tuple(item.file() for item in self.files),
            directories=tuple(item.directory() for item in self.directories),
            volumes=self.volumes,
            network=self.network,
            proxy=self.proxy,
            logging=logging,
        )


def _says_nothing(key: str, value: Any) -> bool:
    return key in ("registry", "proxy") and (value == {} or (key == "proxy" and value is False))


def _published(port: str | None) -> str | None:
    return f"{port}:{port}" if port is not None and ":" not in port else port
