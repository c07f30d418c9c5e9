"""Password managers: one module for each, found by the name after ``--adapter``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from types import MappingProxyType

from kamalpy.errors import SecretError

from .base import Adapter

__all__ = ["Adapter", "adapter_names", "lookup"]
_ADAPTERS: Mapping[str, str] = MappingProxyType(
    {
        "1password": "one_password:OnePassword",
        "aws_secrets_manager": "aws_secrets_manager:AwsSecretsManager",
        "bitwarden": "bitwarden:Bitwarden",
        "bitwarden-sm": "bitwarden:BitwardenSecretsManager",
        "doppler": "doppler:Doppler",
        "enpass": "enpass:Enpass",
        "gcp": "gcp:GcpSecretManager",
        "lastpass": "lastpass:LastPass",
        "passbolt": "passbolt:Passbolt",
        "sops": "sops:Sops",
        "test": "test:Test",
        "vault": "vault:Vault",
    }
)
"""Where each adapter is; only the one that is used is imported."""
# Kamal's class names, which it accepts as well.
_ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "one_password": "1password",
        "bitwarden_secrets_manager": "bitwarden-sm",
        "gcp_secret_manager": "gcp",
        "last_pass": "lastpass",
    }
)


def adapter_names() -> tuple[str, ...]:
    """Every adapter, by the name that people write."""
    return tuple(name for name in _ADAPTERS if name != "test")


def lookup(name: str) -> type[Adapter]:
    """Find an adapter, however its name is spelled."""
    spellings = {_plain(n): n for n in _ADAPTERS} | {_plain(a): n for a, n in _ALIASES.items()}
    plain = _plain(name)
    if plain in spellings:
        module, _, adapter = _ADAPTERS[spellings[plain]].partition(":")
        found: type[Adapter] = getattr(import_module(f".{module}", __name__), adapter)
        return found
    close = get_close_matches(plain, spellings, n=1)
    hint = f"did you mean {spellings[close[0]]}?" if close else f"use {', '.join(adapter_names())}"
    raise SecretError(f"--adapter: {name} is not known; {hint}")


def _plain(name: str) -> str:
    return re.sub(r"[-_]", "", name).lower()
