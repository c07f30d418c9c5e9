"""Private keys that a deploy.yml brings along: ``ssh.keys`` are files, ``ssh.key_data`` secrets."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from paramiko import ECDSAKey, Ed25519Key, PKey, RSAKey, SSHException

from kamalpy.config import Configuration
from kamalpy.errors import SecretError
from kamalpy.secrets import Secrets

_KINDS: tuple[type[PKey], ...] = (Ed25519Key, ECDSAKey, RSAKey)


def files_of(config: Configuration) -> list[str]:
    """List the key files, ``~`` and relative paths resolved."""
    return [str(config.root / Path(key).expanduser()) for key in config.ssh.keys or ()]


def keys_of(config: Configuration, secrets: Secrets) -> Sequence[PKey]:
    """Read the keys that are secrets; a key written down in deploy.yml itself works, too."""
    return [
        _key(name if name.startswith("-----BEGIN") else secrets.value(name), name)
        for name in config.ssh.key_data or ()
    ]


def _key(text: str, name: str) -> PKey:
    for kind in _KINDS:
        try:
            return kind.from_private_key(StringIO(f"{text.strip()}\n"))
        except (SSHException, ValueError):
            continue
    known = "a key in deploy.yml" if name.startswith("-----BEGIN") else name
    raise SecretError(
        f"ssh/key_data: {known} holds no private key that can be read; it takes the text of an "
        "Ed25519, ECDSA or RSA key without a passphrase"
    )
