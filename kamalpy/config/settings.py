"""The keys at the root of deploy.yml that other floors take as they are written."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from kamalpy.config.alias import ALIAS_SCHEMA
from kamalpy.config.boot import Boot
from kamalpy.config.builder import Builder
from kamalpy.config.extension import Kamalpy
from kamalpy.config.faults import Fault
from kamalpy.config.hooks import HooksOutput
from kamalpy.config.kinds import Flag, Positive, Text, Whole, Word, word
from kamalpy.config.logging import Logging
from kamalpy.config.output import Output
from kamalpy.config.section import Section
from kamalpy.config.ssh import Ssh, Sshkit

SERVICE = "[A-Za-z0-9_-]+"


def _service(value: Any) -> str:
    name = word(value)
    if name.strip() and not all(c.isascii() and (c.isalnum() or c in "_-") for c in name):
        how = f'write it like "service: {suggestion(name)}"'
        raise Fault('should have letters, digits, "-" and "_" only', how).error()
    return name


def suggestion(name: str) -> str:
    """Turn a name into one that can name a service."""
    letters = (c if c.isascii() and (c.isalnum() or c in "_-") else "-" for c in name.strip())
    return "".join(letters).strip("-") or "app"


Service = Annotated[
    str, BeforeValidator(_service), WithJsonSchema({"type": "string", "pattern": f"^{SERVICE}$"})
]


class Settings(Section):
    """The keys at the root that other floors take as they are written."""

    service: Service = ""
    labels: dict[str, Text] = Field({})
    volumes: tuple[Text, ...] = ()
    asset_path: Text | None = None
    hooks_path: Word = ".kamal/hooks"
    hooks_output: HooksOutput | None = None
    secrets_path: Text = ".kamal/secrets"
    error_pages_path: Text | None = None
    require_destination: Flag = False
    primary_role: Text = "web"
    allow_empty_roles: Flag = False
    retain_containers: Positive = 5
    minimum_version: Text | None = None
    readiness_delay: Whole = 7
    deploy_timeout: Whole = 30
    drain_timeout: Whole = 30
    stop_timeout: Whole | None = None
    run_directory: Text | None = None
    ssh: Ssh = Ssh.model_construct()
    sshkit: Sshkit = Sshkit.model_construct()
    boot: Boot = Boot.model_construct()
    builder: Builder | None = None
    logging: Logging = Logging.model_construct()
    output: Output | None = None
    aliases: dict[str, Text] = Field({}, json_schema_extra={"propertyNames": ALIAS_SCHEMA})
    kamalpy: Kamalpy = Field(Kamalpy.model_construct(), alias="x-kamalpy")
