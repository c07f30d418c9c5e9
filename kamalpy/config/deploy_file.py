"""deploy.yml as written: the whole schema, and the rules between its keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from kamalpy.config.accessory import AccessorySection
from kamalpy.config.alias import alias_faults
from kamalpy.config.boot import Boot
from kamalpy.config.builder import Builder
from kamalpy.config.checks import all_faults
from kamalpy.config.draft import Context, Draft, as_dict
from kamalpy.config.env import RootEnvSection
from kamalpy.config.faults import Fault, expected
from kamalpy.config.hosts import HOST_SCHEMA
from kamalpy.config.kinds import Text
from kamalpy.config.proxy import ProxySection
from kamalpy.config.registry import RegistrySection
from kamalpy.config.role import RoleSection
from kamalpy.config.section import Section
from kamalpy.config.settings import Settings
from kamalpy.config.ssh import Ssh

LOCAL = {"properties": {"server": {"pattern": "^localhost:"}}, "required": ["server"]}
NAMED = {"required": ["image"], "properties": {"image": {"pattern": "\\S"}}}
BUILT = {"properties": {"build": {"not": {"const": False}}}}
BY_SSH = {
    "required": ["x-kamalpy"],
    "properties": {
        "x-kamalpy": {"required": ["transfer"], "properties": {"transfer": {"const": "ssh"}}}
    },
}
TRANSFER_REGISTRY = "localhost:5555"


def _servers(value: Any) -> Any:
    if isinstance(value, list):
        return {"web": value}
    if isinstance(value, dict):
        return value
    raise expected("an array or a hash")


def _or_hosts(schema: dict[str, Any]) -> None:
    roles = {key: schema.pop(key) for key in ("type", "additionalProperties")}
    schema["anyOf"] = [{"type": "array", "items": HOST_SCHEMA, "minItems": 1}, roles]


Servers = Annotated[dict[str, RoleSection], BeforeValidator(_servers)]


class DeployFile(Settings):
    """deploy.yml as written, a destination laid over it."""

    rules: ClassVar[Mapping[str, Any]] = {
        "patternProperties": {"^x-(?!kamalpy$)": {}},
        "required": ["service"],
        "anyOf": [{"required": ["servers"]}, {"required": ["accessories"]}],
        "allOf": [
            {"if": BY_SSH, "else": {"required": ["registry"]}},
            {"if": {"anyOf": [BY_SSH, {"properties": {"registry": LOCAL}}]}, "else": NAMED},
            {"if": {"properties": {"x-kamalpy": BUILT}}, "then": {"required": ["builder"]}},
        ],
    }
    former: ClassVar[Mapping[str, str]] = {
        "traefik": 'write host, ssl and app_port under "proxy", Kamal 2 has a proxy of its own',
        "healthcheck": 'write path, interval and timeout in "healthcheck" under "proxy" (it uses '
        "app_port, and deploy_timeout at the root says how long to try)",
        "stop_wait_time": 'write "drain_timeout", or "stop_timeout"',
        "primary_web_role": 'write "primary_role"',
        "hosts": 'write them under "servers", as in "servers: [192.0.2.1]"; '
        'names that the proxy answers for are in "hosts" under "proxy"',
        "hooks": 'put hooks as files into .kamal/hooks, or write "hooks_path" for another folder',
    }

    image: Text | None = None
    registry: RegistrySection = RegistrySection.model_construct()
    servers: Servers = Field({}, json_schema_extra=_or_hosts)
    env: RootEnvSection = RootEnvSection.model_construct()
    accessories: dict[str, AccessorySection] = Field({})
    proxy: ProxySection = ProxySection.model_construct()

    @classmethod
    def prepare(cls, raw: Any) -> Any:
        """Leave out the extensions of others; a registry on this machine transfers by SSH."""
        if not isinstance(raw, dict):
            return raw
        known = {key: value for key, value in raw.items() if not _is_foreign(key)}
        if as_dict(raw.get("x-kamalpy")).get("transfer") == "ssh":
            known["registry"] = {"server": TRANSFER_REGISTRY}
        return known

    @classmethod
    def faults(cls, raw: Mapping[str, Any], context: Any) -> Iterator[Fault]:
        """Check the rules between sections."""
        yield from all_faults(Draft(raw), context or Context())
        yield from alias_faults(raw.get("aliases"))

    @classmethod
    def hint(cls, key: str) -> str:
        """Return the section that a misplaced key belongs to."""
        places: dict[str, type[Section]] = {
            "proxy": ProxySection,
            "builder": Builder,
            "registry": RegistrySection,
            "ssh": Ssh,
            "boot": Boot,
            "servers/ROLE": RoleSection,
            "accessories/NAME": AccessorySection,
        }
        return _placed(key, places) or super().hint(key)


def _is_foreign(key: str) -> bool:
    return key.startswith("x-") and key != "x-kamalpy"


def _placed(key: str, places: Mapping[str, type[Section]]) -> str:
    found = [name for name, section in places.items() if key in section.key_names()]
    return f"write it under {found[0]}" if found else ""
