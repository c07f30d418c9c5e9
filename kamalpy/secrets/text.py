"""Text that may hold any byte, so that files and output round-trip unchanged."""

from __future__ import annotations


def decode(content: bytes) -> str:
    """Decode bytes without loss."""
    return content.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """Encode text as the bytes it came from; UnicodeEncodeError if it came from none."""
    return text.encode("utf-8", "surrogateescape")


def is_storable(text: str) -> bool:
    """Return whether an environment can hold this text."""
    try:
        return b"\0" not in encode(text)
    except UnicodeEncodeError:
        return False
