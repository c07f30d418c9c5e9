"""Private keys of a deploy.yml."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from paramiko import ECDSAKey, Ed25519Key, PKey, RSAKey

from kamalpy.config import load
from kamalpy.connectors.keys import files_of, keys_of
from kamalpy.errors import SecretError
from kamalpy.secrets import Secrets

Write = Callable[..., Path]


def ed25519_text() -> str:
    key = ed25519.Ed25519PrivateKey.generate()
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.OpenSSH,
        serialization.NoEncryption(),
    ).decode()


def text_of(key: PKey) -> str:
    written = StringIO()
    key.write_private_key(written)
    return written.getvalue()


@pytest.fixture(scope="module")
def texts() -> dict[type[PKey], str]:
    """A key of each kind, as people have it in a file."""
    return {
        Ed25519Key: ed25519_text(),
        ECDSAKey: text_of(ECDSAKey.generate()),
        RSAKey: text_of(RSAKey.generate(2048)),
    }


def read(root: Path) -> list[PKey]:
    config = load(root=root)
    return list(keys_of(config, Secrets(config.secrets_path, root=root)))


@pytest.mark.parametrize("kind", [Ed25519Key, ECDSAKey, RSAKey])
@pytest.mark.parametrize("around", ["{}", "\n\n{}\n\n"])
def test_a_key_that_is_a_secret(
    write: Write, texts: dict[type[PKey], str], kind: type[PKey], around: str
) -> None:
    root = write(ssh={"key_data": ["SSH_KEY"]})
    (root / ".kamal/secrets").write_text(f"SSH_KEY='{around.format(texts[kind])}'\n")

    (key,) = read(root)

    assert key == kind.from_private_key(StringIO(texts[kind]))


def test_a_key_that_is_written_down(write: Write, texts: dict[type[PKey], str]) -> None:
    root = write(ssh={"key_data": [texts[Ed25519Key], "SSH_KEY"]})
    (root / ".kamal/secrets").write_text(f"SSH_KEY='{texts[RSAKey]}'\n")

    assert [type(key) for key in read(root)] == [Ed25519Key, RSAKey]


@pytest.mark.parametrize(
    ("written", "called"),
    [("SSH_KEY", "SSH_KEY"), ("-----BEGIN NONSENSE-----\nhunter4\n", "a key in deploy.yml")],
)
def test_what_is_no_key(write: Write, written: str, called: str) -> None:
    with pytest.raises(SecretError) as caught:
        read(write(ssh={"key_data": [written]}))

    assert str(caught.value) == (
        f"ssh/key_data: {called} holds no private key that can be read; it takes the text of an"
        " Ed25519, ECDSA or RSA key without a passphrase"
    )


def test_a_secret_that_is_not_there(write: Write) -> None:
    with pytest.raises(SecretError, match="NOWHERE"):
        read(write(ssh={"key_data": ["NOWHERE"]}))


def test_there_are_none(write: Write) -> None:
    root = write(ssh=None)

    assert read(root) == []
    assert files_of(load(root=root)) == []


def test_files(write: Write) -> None:
    root = write(ssh={"keys": ["~/.ssh/id", "/etc/key", "keys/deploy"]})

    assert files_of(load(root=root)) == [
        str(Path("~/.ssh/id").expanduser()),
        "/etc/key",
        str(root / "keys/deploy"),
    ]
