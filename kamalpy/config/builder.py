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
    """Where layers are kept between builds."""

    type: Text | None = Field(
        None,
        description="gha or registry.",
        examples=["registry"],
        json_schema_extra={"enum": [*CACHES, False]},
    )
    options: Text | None = Field(
        None, description="More words for --cache-to.", examples=["mode=max"]
    )
    image: Text | None = Field(
        None,
        description="Image that holds the layers, for a registry; <image>-build-cache when absent.",
        examples=["acme/blog-build-cache"],
    )

    @classmethod
    def faults(cls, raw: Mapping[str, Any], context: Any) -> Iterator[Fault]:
        """Know two kinds of cache."""
        if raw.get("type") not in (None, False, *CACHES):
            yield Fault("should be gha or registry", cls.example("type"), ("type",))


class Pack(Section):
    """Build with Cloud Native Buildpacks instead of a Dockerfile."""

    builder: Text | None = Field(
        None, description="Image of the builder.", examples=["heroku/builder:24"]
    )
    buildpacks: tuple[Text, ...] = Field(
        (), description="Buildpacks, in order.", examples=[["heroku/ruby", "heroku/procfile"]]
    )


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

    arch: Arches = Field(
        (),
        description="Architectures to build for.",
        examples=["amd64"],
        json_schema_extra={"minLength": 1, "minItems": 1},
    )
    remote: Remote = Field(
        None,
        description="Docker endpoint that builds what this machine's architecture is not.",
        examples=["ssh://docker@docker-builder"],
    )
    local: Flag = Field(
        True,
        description="Build on this machine what it can; false leaves all to remote.",
        examples=[False],
    )
    context: Text | None = Field(
        None,
        description="Folder to build from; when absent, a fresh git clone of the last commit.",
        examples=["."],
    )
    dockerfile: Text = Field(
        "Dockerfile", description="Dockerfile to build.", examples=["Dockerfile.production"]
    )
    target: Text | None = Field(None, description="Stage to build.", examples=["production"])
    args: dict[str, Loose] = Field(
        {},
        description="Build arguments; one without a value comes from the environment.",
        examples=[{"RUBY_VERSION": "3.4.4"}],
        repr=False,
    )
    secrets: tuple[Text, ...] = Field(
        (), description="Names of secrets that the build may read.", examples=[["GITHUB_TOKEN"]]
    )
    ssh: Text | None = Field(
        None,
        description="SSH agent or keys that the build may use.",
        examples=["default=$SSH_AUTH_SOCK"],
    )
    driver: Text = Field(
        "docker-container", description="buildx driver.", examples=["cloud org/builder"]
    )
    cache: Cache | None = Field(
        None, description="Where layers are kept between builds.", examples=[{"type": "registry"}]
    )
    provenance: Text | None = Field(
        None, description="Provenance attestation.", examples=["mode=max"]
    )
    sbom: Flag | None = Field(
        None, description="Make a software bill of materials.", examples=[True]
    )
    pack: Pack | None = Field(
        None,
        description="Build with Cloud Native Buildpacks.",
        examples=[{"builder": "heroku/builder:24", "buildpacks": ["heroku/ruby"]}],
    )

    @property
    def arches(self) -> tuple[str, ...]:
        """The architectures as a list."""
        return (self.arch,) if isinstance(self.arch, str) else self.arch

    @classmethod
    def faults(cls, raw: Mapping[str, Any], context: Any) -> Iterator[Fault]:
        """Require an architecture, and somebody who builds."""
        arch = raw.get("arch")
        if is_blank(arch) and ("arch" not in raw or arch is not None):
            yield Fault("is required", cls.example("arch"), ("arch",))
        if isinstance(raw.get("pack"), dict) and isinstance(arch, list) and len(arch) > 1:
            yield Fault("should be one architecture for buildpacks", cls.example("arch"), ("arch",))
        if raw.get("local") is False and is_blank(raw.get("remote")):
            how = 'add "remote: ssh://user@host", or remove "local: false"'
            yield Fault("leaves nobody to build, no remote is set", how, ("local",))
