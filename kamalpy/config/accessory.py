"""``accessories``: what runs alongside the app, such as its database."""

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
"""The name that selects every accessory."""
WHERE = ("host", "hosts", "role", "roles", "tag", "tags")


@dataclass(frozen=True, slots=True)
class Accessory:
    """What runs alongside the app; it is booted on its own and stays when the app is deployed."""

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

    service: Text | None = None
    image: Text = ""
    registry: RegistrySection | None = None
    host: Text | None = None
    hosts: tuple[HostItem, ...] | None = None
    role: Text | None = None
    roles: tuple[Text, ...] | None = None
    tag: Text | None = None
    tags: tuple[Text, ...] | None = None
    cmd: Text | None = None
    port: Text | None = None
    labels: dict[str, Text] = Field({})
    options: dict[str, Option] = Field({})
    env: EnvSection = EnvSection.model_construct()
    files: tuple[PathSection, ...] = ()
    directories: tuple[PathSection, ...] = ()
    volumes: tuple[Text, ...] = ()
    network: Text = "kamal"
    proxy: ProxySection | None = None

    @classmethod
    def prepare(cls, raw: Any) -> Any:
        """Drop an empty registry, and an empty or disabled proxy."""
        if not isinstance(raw, dict):
            return raw
        return {key: value for key, value in raw.items() if not _is_empty(key, value)}

    @classmethod
    def faults(cls, raw: Mapping[str, Any], context: Any) -> Iterator[Fault]:
        """Require one place to run; refuse labels and options that kamalpy sets itself."""
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
        """Return the accessory as other packages read it."""
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


def _is_empty(key: str, value: Any) -> bool:
    return key in ("registry", "proxy") and (value == {} or (key == "proxy" and value is False))


def _published(port: str | None) -> str | None:
    return f"{port}:{port}" if port is not None and ":" not in port else port
