"""The names of the adapters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType

from kamalpy.errors import SecretError

from .aws_secrets_manager import AwsSecretsManager
from .base import Adapter
from .bitwarden import Bitwarden
from .bitwarden_sm import BitwardenSecretsManager
from .doppler import Doppler
from .enpass import Enpass
from .gcp import GcpSecretManager
from .lastpass import LastPass
from .one_password import OnePassword
from .passbolt import Passbolt
from .sops import Sops
from .test import Test
from .vault import Vault

_ADAPTERS: Mapping[str, type[Adapter]] = MappingProxyType(
    {
        "1password": OnePassword,
        "aws_secrets_manager": AwsSecretsManager,
        "bitwarden": Bitwarden,
        "bitwarden-sm": BitwardenSecretsManager,
        "doppler": Doppler,
        "enpass": Enpass,
        "gcp": GcpSecretManager,
        "lastpass": LastPass,
        "passbolt": Passbolt,
        "sops": Sops,
        "test": Test,
        "vault": Vault,
    }
)
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
        return _ADAPTERS[spellings[plain]]
    close = get_close_matches(plain, spellings, n=1)
    hint = f"did you mean {spellings[close[0]]}?" if close else f"use {', '.join(adapter_names())}"
    raise SecretError(f"--adapter: {name} is not known; {hint}")


def _plain(name: str) -> str:
    return re.sub(r"[-_]", "", name).lower()
