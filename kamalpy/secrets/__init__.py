"""`.kamal/secrets`: names to values, one source each; nothing here prints a value."""

from __future__ import annotations

from .encrypted import EncryptedFile, Key, Keyring, rotate_key
from .extract import extract
from .fetching import fetch
from .secret import Secret
from .secrets import Secrets
from .urls import breaking_values

__all__ = [
    "EncryptedFile",
    "Key",
    "Keyring",
    "Secret",
    "Secrets",
    "breaking_values",
    "extract",
    "fetch",
    "rotate_key",
]
