"""Private keys in deploy.yml: ``ssh.keys`` are files, ``ssh.key_data`` secrets."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from paramiko import Agent, ECDSAKey, Ed25519Key, PKey, RSAKey, SSHException

from kamalpy.config import Configuration
from kamalpy.errors import SecretError
from kamalpy.secrets import Secrets

_KINDS: tuple[type[PKey], ...] = (Ed25519Key, ECDSAKey, RSAKey)


def files_of(config: Configuration) -> list[str]:
    """List the key files, ``~`` and relative paths resolved."""
    return [str(config.root / Path(key).expanduser()) for key in config.ssh.keys or ()]


def keys_of(config: Configuration, secrets: Secrets) -> Sequence[PKey]:
    """Read the keys of ``ssh.key_data``: names of secrets, or the keys themselves."""
    return [
        _key(name if _is_key(name) else secrets.value(name), name)
        for name in config.ssh.key_data or ()
    ]


def tried_keys(config: Configuration) -> list[str]:
    """Describe the keys that are tried: secrets by name, files, those of the agent."""
    ssh = config.ssh
    if ssh.key_data:
        return [_label(each) for each in ssh.key_data]
    files = list(ssh.keys or ()) or usual_files()
    in_agent = agent_keys(config)
    return [*files, *([f"{in_agent} of the agent"] if in_agent else [])]


def agent_keys(config: Configuration) -> int:
    """Count the keys of the agent that are offered."""
    return 0 if config.ssh.keys_only else len(Agent().get_keys())


def usual_files() -> list[str]:
    """List the keys that are tried where deploy.yml names none."""
    names = ("id_rsa", "id_ecdsa", "id_ed25519")
    return [f"~/.ssh/{name}" for name in names if Path(f"~/.ssh/{name}").expanduser().is_file()]


def _label(name: str) -> str:
    return "a key in deploy.yml" if _is_key(name) else name


def _is_key(text: str) -> bool:
    return text.startswith("-----BEGIN")


def _key(text: str, name: str) -> PKey:
    for kind in _KINDS:
        try:
            return kind.from_private_key(StringIO(f"{text.strip()}\n"))
        except (SSHException, ValueError):
            continue
    raise SecretError(
        f"ssh/key_data: {_label(name)} holds no private key that can be read; "
        "it takes the text of an Ed25519, ECDSA or RSA key without a passphrase"
    )
