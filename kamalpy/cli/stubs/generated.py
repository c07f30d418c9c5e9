"""Values of new secrets: in the encrypted file at once, and safe in URLs, shells and YAML."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

PASSWORD_BYTES = 24
KEY_BYTES = 48


def add(names: Iterable[str], *, dry: bool) -> list[str]:
    """Generate values for names that no secrets file defines; returns those names."""
    from kamalpy.secrets import Secrets

    known = Secrets(root=Path.cwd(), environ=os.environ)
    defined = known.definitions()
    missing = [name for name in names if name not in defined]
    for name in () if dry else missing:
        known.encrypted.set(name, value(name))
    return missing


def value(name: str) -> str:
    """Generate a value: letters and digits, except where a framework insists on its own form."""
    if name == "APP_KEY":  # Laravel: 32 bytes in base64
        return "base64:" + base64.b64encode(secrets.token_bytes(32)).decode()
    is_key = name in ("SECRET_KEY_BASE", "SECRET_KEY")
    return secrets.token_hex(KEY_BYTES if is_key else PASSWORD_BYTES)
