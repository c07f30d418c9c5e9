"""``servers``: roles, their hosts, and how the app runs there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from pydantic import Field, Tag

from kamalpy.config.docker_options import (
    DEFAULT_RESTART,
    OPTION_RULES,
    label_faults,
    option_faults,
    restart_faults,
)
from kamalpy.config.env import Env, EnvSection
from kamalpy.config.faults import Fault
from kamalpy.config.hosts import HOST_SCHEMA, HostItem
from kamalpy.config.kinds import Flag, Option, Text, Whole, one_of
from kamalpy.config.logging import Logging
from kamalpy.config.proxy import ProxySection
from kamalpy.config.section import Section

RoleProxy = Annotated[
    Annotated[Flag, Tag("<flag>")] | Annotated[ProxySection, Tag("<proxy>")],
    one_of("a hash or a boolean", boolean="<flag>", hash="<proxy>"),
]


@dataclass(frozen=True, slots=True)
class Role:
    """One way in which the app runs, on its hosts."""

    name: str
    hosts: tuple[str, ...]
    primary: bool
    container_prefix: str
    cmd: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    restart: str = DEFAULT_RESTART
    logging: Logging = Logging.model_construct()  # noqa: RUF009
    stop_timeout: int | None = None
    asset_path: str | None = None
    asset_options: str | None = None
    proxy: ProxySection | None = None
    host_tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own_env: Env = Env()  # noqa: RUF009
    tag_envs: Mapping[str, Env] = field(default_factory=dict)

    def env(self, host: str) -> Env:
        """Return the variables on one host: the root's, the role's, then those of each tag."""
        env = self.own_env
        for tag in self.tags(host):
            env = env.merge(self.tag_envs.get(tag, Env()))
        return env

    def tags(self, host: str) -> tuple[str, ...]:
        """Return the tags of a host in this role."""
        return self.host_tags.get(host, ())


class RoleSection(Section):
    """One role as written: a mapping, or only the list of its hosts."""

    shapes = ("an array or a hash", 'write it like "web: [192.0.2.1]"')
    forms = ({"type": "array", "items": HOST_SCHEMA},)
    rules = OPTION_RULES
    former: ClassVar[Mapping[str, str]] = {
        "traefik": 'write "proxy: true" or "proxy: false", Kamal 2 has a proxy of its own',
        "host": 'write it under hosts, as in "hosts: [HOST]"',
        "volumes": "move them to the root, or write volume under options",
        "healthcheck": "move it under proxy",
        "restart": 'write it under options, as in "options: {restart: always}"',
        "command": "write cmd",
    }

    hosts: tuple[HostItem, ...] = ()
    cmd: Text | None = None
    stop_timeout: Whole | None = None
    options: dict[str, Option] = Field({})
    logging: Logging = Logging.model_construct()
    proxy: RoleProxy | None = None
    labels: dict[str, Text] = Field({})
    env: EnvSection = EnvSection.model_construct()
    asset_path: Text | None = None

    @classmethod
    def prepare(cls, raw: Any) -> Any:
        """Accept a list of hosts."""
        return {"hosts": raw} if isinstance(raw, list) else raw

    @classmethod
    def faults(cls, raw: Mapping[str, Any], context: Any) -> Iterator[Fault]:
        """Refuse labels and options that kamalpy sets itself."""
        yield from label_faults(raw)
        yield from restart_faults(raw)
        yield from option_faults(raw, cls.key_names())
