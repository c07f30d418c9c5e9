"""``x-kamalpy``: what this tool can and Kamal cannot; Kamal ignores the key."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, WithJsonSchema

from kamalpy.config.faults import wrong_value
from kamalpy.config.kinds import Flag, Whole
from kamalpy.config.proxy_options import EXTENSION, with_options
from kamalpy.config.secret_place import SecretPlace, SecretPlaces, place_of
from kamalpy.config.section import Section

PROXIES = ("kamal-proxy", "traefik")
TRANSFERS = ("registry", "ssh")


def _proxy(value: Any) -> str:
    if value in PROXIES:
        return str(value)
    raise wrong_value("should be kamal-proxy or traefik")


def _transfer(value: Any) -> str:
    if value in TRANSFERS:
        return str(value)
    raise wrong_value("should be registry or ssh")


Transfer = Annotated[
    Literal["registry", "ssh"],
    BeforeValidator(_transfer),
    WithJsonSchema({"enum": list(TRANSFERS)}),
]


def _verifier(value: Any) -> str:
    if isinstance(value, str) and value.split()[:1] == ["cosign"]:
        return str(value)
    raise wrong_value("should be cosign, with its options if it needs any")


Verifier = Annotated[
    str, BeforeValidator(_verifier), WithJsonSchema({"type": "string", "pattern": "^cosign( |$)"})
]
ProxyKind = Annotated[
    Literal["kamal-proxy", "traefik"],
    BeforeValidator(_proxy),
    WithJsonSchema({"enum": list(PROXIES)}),
]


@with_options(f"{EXTENSION}health")
class Health(Section):
    """A health check that asks elsewhere than the traffic goes."""


class Kamalpy(Section):
    """What this tool can and Kamal cannot."""

    build: Flag = True
    transfer: Transfer = "registry"
    verify: Verifier | None = None
    proxy: ProxyKind = "kamal-proxy"
    health: Health = Health.model_construct()
    connect_timeout: Whole = 10
    atomic: Flag = True
    secrets: SecretPlaces = "env"
    ruby: Flag = False
    commands: Flag = False
    jinja: Flag = False

    def secrets_of(self, name: str) -> SecretPlace:
        """Tell where the secrets of a role or accessory are."""
        return place_of(self.secrets, name)
