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
from kamalpy.config.kinds import Flag, Text, Whole, Word, whole, word
from kamalpy.config.logging import Logging
from kamalpy.config.output import Output
from kamalpy.config.section import Section
from kamalpy.config.ssh import Ssh
from kamalpy.config.sshkit import Sshkit

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


def _retained(value: Any) -> int:
    count = whole(value)
    if count < 1:
        raise Fault("should be at least 1", 'write it like "retain_containers: 5"').error()
    return count


Service = Annotated[
    str, BeforeValidator(_service), WithJsonSchema({"type": "string", "pattern": f"^{SERVICE}$"})
]
Retained = Annotated[
    int, BeforeValidator(_retained), WithJsonSchema({"type": "integer", "minimum": 1})
]


class Settings(Section):
    """The keys at the root that other floors take as they are written."""

    service: Service = Field(
        "",
        description="Name of the app, the first part of its containers' names.",
        examples=["blog"],
    )
    labels: dict[str, Text] = Field(
        {}, description="More labels of the app's containers.", examples=[{"team": "web"}]
    )
    volumes: tuple[Text, ...] = Field(
        (), description="Mounts of the app's containers.", examples=[["data:/app/storage"]]
    )
    asset_path: Text | None = Field(
        None,
        description="Folder of assets in the container; old and new versions serve both's files.",
        examples=["/app/public/assets"],
    )
    hooks_path: Word = Field(
        ".kamal/hooks", description="Folder of the hooks.", examples=["ops/hooks"]
    )
    hooks_output: HooksOutput | None = Field(
        None, description="quiet or verbose, for all hooks or for each.", examples=["verbose"]
    )
    secrets_path: Text = Field(
        ".kamal/secrets",
        description="Beginning of the names of the secrets files.",
        examples=["ops/secrets"],
    )
    error_pages_path: Text | None = Field(
        None, description="Folder with pages such as 503.html.", examples=["public"]
    )
    require_destination: Flag = Field(
        False, description="Refuse to work without a destination.", examples=[True]
    )
    primary_role: Text = Field(
        "web", description="Role that goes first and is behind the proxy.", examples=["web"]
    )
    allow_empty_roles: Flag = Field(
        False, description="Allow roles without hosts.", examples=[True]
    )
    retain_containers: Retained = Field(
        5, description="How many old containers and images are kept.", examples=[5]
    )
    minimum_version: Text | None = Field(
        None, description="Oldest version of Kamal that may read this.", examples=["2.8.0"]
    )
    readiness_delay: Whole = Field(
        7,
        description="Seconds that a container without proxy or health check is watched.",
        examples=[10],
    )
    deploy_timeout: Whole = Field(
        30, description="Seconds that a new container has to get healthy.", examples=[60]
    )
    drain_timeout: Whole = Field(
        30, description="Seconds that running requests have to end.", examples=[60]
    )
    stop_timeout: Whole | None = Field(
        None, description="Seconds between SIGTERM and SIGKILL.", examples=[30]
    )
    run_directory: Text | None = Field(
        None,
        description="Read and ignored: the folder on the hosts is always .kamal.",
        examples=["/var/lib/kamal"],
    )
    ssh: Ssh = Field(
        Ssh.model_construct(),
        description="How the servers are reached.",
        examples=[{"user": "deploy"}],
    )
    sshkit: Sshkit = Field(
        Sshkit.model_construct(),
        description="How many connections at a time.",
        examples=[{"max_concurrent_starts": 10}],
    )
    boot: Boot = Field(
        Boot.model_construct(),
        description="How many hosts boot at a time.",
        examples=[{"limit": "25%", "wait": 5}],
    )
    builder: Builder | None = Field(
        None, description="How the image is built.", examples=[{"arch": "amd64"}]
    )
    logging: Logging = Field(
        Logging.model_construct(),
        description="Where Docker sends what the containers print.",
        examples=[{"driver": "json-file", "options": {"max-size": "100m"}}],
    )
    output: Output | None = Field(
        None,
        description="Where else the log of a deploy goes.",
        examples=[{"file": {"path": "log/kamal"}}],
    )
    aliases: dict[str, Text] = Field(
        {},
        description="Short names for long commands.",
        examples=[{"shell": "app exec -i --reuse bash"}],
        json_schema_extra={"propertyNames": ALIAS_SCHEMA},
    )
    kamalpy: Kamalpy = Field(
        Kamalpy.model_construct(),
        alias="x-kamalpy",
        description="What this tool can and Kamal cannot.",
        examples=[{"build": False}],
    )
