"""A registry's HTTP API: which images it has, for which platforms, under which digests."""

from kamalpy.registry.client import (
    Registry,
    RegistryDeniedError,
    RegistryError,
    RegistryTLSError,
)
from kamalpy.registry.insecure import is_insecure
from kamalpy.registry.manifest import ImageConfig, Manifest
from kamalpy.registry.reference import Reference

__all__ = [
    "ImageConfig",
    "Manifest",
    "Reference",
    "Registry",
    "RegistryDeniedError",
    "RegistryError",
    "RegistryTLSError",
    "is_insecure",
]
