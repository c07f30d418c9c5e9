"""The key of the encrypted files, and what is derived from it."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.padding import PKCS7

from kamalpy.secrets.text import decode, encode

_SIZE = 32
_NONCE = 12
_BLOCK_BITS = 256  # only multiples of 32 bytes of a length are visible


@dataclass(frozen=True, slots=True)
class Key:
    """32 random bytes, never shown."""

    secret: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> Key:
        """Make a new key."""
        return cls(os.urandom(_SIZE))

    @classmethod
    def parse(cls, text: str) -> Key | None:
        """Read a key; ``None`` if the text is none."""
        try:
            secret = base64.b64decode(f"{text}=", altchars=b"-_", validate=True)
        except ValueError:
            return None
        return cls(secret) if len(secret) == _SIZE else None

    @property
    def text(self) -> str:
        """The key as written in a key file: 43 letters, digits, ``-`` and ``_``."""
        return to_text(self.secret)

    @property
    def id(self) -> str:
        """A public identifier of this key."""
        return self._derived("id", 8).hex()

    def seal(self, value: str, *context: str) -> str:
        """Encrypt a value so that it opens in the same context only."""
        padder = PKCS7(_BLOCK_BITS).padder()
        padded = padder.update(encode(value)) + padder.finalize()
        nonce = os.urandom(_NONCE)
        return to_text(nonce + self._cipher.encrypt(nonce, padded, _joined(context)))

    def open(self, sealed: str, *context: str) -> str | None:
        """Decrypt a value; ``None`` if it was not sealed with this key in this context."""
        try:
            content = from_text(sealed)
            padded = self._cipher.decrypt(content[:_NONCE], content[_NONCE:], _joined(context))
            unpadder = PKCS7(_BLOCK_BITS).unpadder()
            return decode(unpadder.update(padded) + unpadder.finalize())
        except (InvalidTag, ValueError):
            return None

    def sign(self, text: str, *context: str) -> str:
        """Sign a text."""
        return to_text(self._signature(text, context).finalize())

    def is_signed(self, text: str, signature: str, *context: str) -> bool:
        """Return whether this key signed the text."""
        try:
            self._signature(text, context).verify(from_text(signature))
        except (InvalidSignature, ValueError):
            return False
        return True

    @property
    def _cipher(self) -> AESGCM:
        return AESGCM(self._derived("values", _SIZE))

    def _signature(self, text: str, context: tuple[str, ...]) -> hmac.HMAC:
        signature = hmac.HMAC(self._derived("seal", _SIZE), hashes.SHA256())
        signature.update(_joined((*context, text)))
        return signature

    def _derived(self, purpose: str, size: int) -> bytes:
        info = encode(f"kamalpy secrets {purpose}")
        return HKDF(hashes.SHA256(), size, salt=None, info=info).derive(self.secret)


def to_text(content: bytes) -> str:
    """Encode bytes as text without spaces or padding."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def from_text(text: str) -> bytes:
    """Decode what ``to_text`` returned; ValueError for anything else."""
    content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if to_text(content) != text:
        raise ValueError("more than one way to write the same bytes")
    return content


def _joined(parts: tuple[str, ...]) -> bytes:
    # Lengths before parts: ("ab", "c") is not ("a", "bc").
    encoded = [encode(part) for part in parts]
    return b"".join(len(part).to_bytes(8, "big") + part for part in encoded)
