"""``builder``: how the image is built."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, Tag, WithJsonSchema

from kamalpy.config.document.ruby import is_blank
from kamalpy.config.faults import Fault
from kamalpy.config.kinds import SCALARS, Flag, Loose, Text, one_of, text
from kamalpy.config.section import Section

CACHES = ("gha", "registry")
BLANK = {"anyOf": [{"const": False}, {"type": "string", "pattern": r"^\s*$"}]}
"""What counts as nothing, in JSON Schema."""


def _remote(value: Any) -> str | None:
    return None if value is False or value == "" else text(value)


Remote = Annotated["str | None", BeforeValidator(_remote), WithJsonSchema({"type": SCALARS})]
Arches = Annotated[
    Annotated[Text, Tag("<one>")] | Annotated[tuple[Text, ...], Tag("<several>")],
    one_of("an array or a string", word="<one>", boolean="<one>", other="<one>", array="<several>"),
]


class Cache(Section):
    """Where layers are cached between builds."""

    type: Text | None = Field(None, json_schema_extra={"enum": [*CACHES, False]})
    options: Text | None = None
    image: Text | None = None

    @classmethod
    def faults(cls, raw: Mapping[str, Any], context: Any) -> Iterator[Fault]:
        """Refuse unknown kinds of cache."""
        if raw.get("type") not in (None, False, *CACHES):
            yield Fault("should be gha or registry", cls.example("type"), ("type",))


class Pack(Section):
    """Build with Cloud Native Buildpacks instead of a Dockerfile."""

    builder: Text | None = None
    buildpacks: tuple[Text, ...] = ()


class Builder(Section):
    """How the image is built."""

    rules: ClassVar[Mapping[str, Any]] = {
        "required": ["arch"],
        "if": {"properties": {"local": {"const": False}}, "required": ["local"]},
        "then": {"required": ["remote"], "properties": {"remote": {"not": BLANK}}},
    }
    former: ClassVar[Mapping[str, str]] = {
        "multiarch": 'write the architectures under arch, as in "arch: [amd64, arm64]"',
    }

    arch: Arches = Field((), json_schema_extra={"minLength": 1, "minItems": 1})
    remote: Remote = None
    local: Flag = True
    context: Text | None = None
    dockerfile: Text = "Dockerfile"
    target: Text | None = None
    args: dict[str, Loose] = Field({}, repr=False)
    secrets: tuple[Text, ...] = ()
    ssh: Text | None = None
    driver: Text = "docker-container"
    cache: Cache | None = None
    provenance: Text | None = None
    sbom: Flag | None = None
    pack: Pack | None = None

    @property
    def arches(self) -> tuple[str, ...]:
        """The architectures as a list."""
        return (self.arch,) if isinstance(self.arch, str) else self.arch

    @classmethod
    def faults(cls, raw: Mapping[str, Any], context: Any) -> Iterator[Fault]:
        """Require an architecture and a builder."""
        arch = raw.get("arch")
        if is_blank(arch) and ("arch" not in raw or arch is not None):
            yield Fault("is required", cls.example("arch"), ("arch",))
        if isinstance(raw.get("pack"), dict) and isinstance(arch, list) and len(arch) > 1:
            yield Fault("should be one architecture for buildpacks", cls.example("arch"), ("arch",))
        if raw.get("local") is False and is_blank(raw.get("remote")):
            how = 'add "remote: ssh://user@host", or remove "local: false"'
            yield Fault("leaves nothing to build with, no remote is set", how, ("local",))
