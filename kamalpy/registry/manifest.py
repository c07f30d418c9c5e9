"""Manifests: the content of a tag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TYPES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)


@dataclass(frozen=True, slots=True)
class ImageConfig:
    """The config of one platform's image."""

    platform: str
    labels: Mapping[str, str] = field(default_factory=dict)
    ports: tuple[str, ...] = ()
    size: int = 0
    """Bytes of the compressed layers."""

    @classmethod
    def parse(cls, config: Mapping[str, Any], size: int = 0) -> ImageConfig:
        """Read the config blob of an image."""
        own = config.get("config") or {}
        ports = tuple(own.get("ExposedPorts") or ())
        return cls(platform(config), own.get("Labels") or {}, ports, size)


@dataclass(frozen=True, slots=True)
class Manifest:
    """A tag's content: its digest, and the digest of each platform's own manifest, if several."""

    digest: str
    platforms: Mapping[str, str] = field(default_factory=dict)
    config: str | None = None
    size: int = 0
    """Bytes of the compressed layers."""

    @classmethod
    def parse(cls, digest: str, manifest: Mapping[str, Any]) -> Manifest:
        """Read a manifest, or an index of several; attestations in it are no platforms."""
        config = (manifest.get("config") or {}).get("digest")
        platforms = {
            platform(each["platform"]): str(each["digest"])
            for each in manifest.get("manifests") or ()
            if each.get("platform") and each["platform"].get("os") != "unknown"
        }
        size = sum(int(each.get("size") or 0) for each in manifest.get("layers") or ())
        return cls(digest, platforms, config, size)


def platform(config: Mapping[str, Any]) -> str:
    """Spell a platform as ``docker --platform`` does, without the variant of arm64."""
    arch, variant = config.get("architecture", ""), config.get("variant")
    suffix = f"/{variant}" if variant and arch != "arm64" else ""
    return f"{config.get('os', '')}/{arch}{suffix}"
