"""``x-kamalpy``: what this tool can and Kamal cannot; Kamal ignores the key."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

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

    build: Flag = Field(
        True,
        description="Build the image; false deploys image as it is, tag or digest included.",
        examples=[False],
    )
    transfer: Transfer = Field(
        "registry",
        description="How images reach the servers; ssh needs no registry beside this machine's "
        "Docker: one runs here, and servers pull from it over their SSH connections.",
        examples=["ssh"],
    )
    verify: Verifier | None = Field(
        None,
        description="Verify the image's signature before anything is deployed, by cosign with "
        "these options; --key cosign.pub when there are none.",
        examples=["cosign --key cosign.pub"],
    )
    proxy: ProxyKind = Field(
        "kamal-proxy",
        description="Which proxy routes the traffic; traefik is refused by deploys yet.",
        examples=["kamal-proxy"],
    )
    health: Health = Field(
        Health.model_construct(),
        description="Where the health check asks.",
        examples=[{"host": "app.example.com", "port": 9000}],
    )
    connect_timeout: Whole = Field(
        10, description="Seconds that a server has to let us in.", examples=[30]
    )
    atomic: Flag = Field(
        True,
        description="All hosts or none; false leaves a mixed fleet behind when one fails.",
        examples=[False],
    )
    secrets: SecretPlaces = Field(
        "env",
        description="Secrets as variables or as files, for all, or by role and accessory.",
        examples=[{"web": "files", "postgres": "file_variables"}],
    )
    ruby: Flag = Field(
        False, description="Let a real Ruby render what the templates hold.", examples=[True]
    )
    commands: Flag = Field(False, description="Let the templates run any command.", examples=[True])
    jinja: Flag = Field(
        False, description="Render this file with Jinja2, whatever its name.", examples=[True]
    )

    def secrets_of(self, name: str) -> SecretPlace:
        """Tell where the secrets of a role or accessory are."""
        return place_of(self.secrets, name)
