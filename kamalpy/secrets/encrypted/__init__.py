"""Secrets in the repository itself: encrypted files, and the key that opens them."""

from __future__ import annotations

from .document import is_encrypted
from .file import EncryptedFile, rotate_key
from .key import Key
from .keyring import Keyring, MissingKeyError

__all__ = ["EncryptedFile", "Key", "Keyring", "MissingKeyError", "is_encrypted", "rotate_key"]
