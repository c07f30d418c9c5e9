"""Text that may hold any byte: what files and programs give is given back unchanged."""

from __future__ import annotations


def decode(content: bytes) -> str:
    """Read bytes so that every one can be given back, whatever it means."""
    return content.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """Turn text into the bytes it came from; UnicodeEncodeError if it came from none."""
    return text.encode("utf-8", "surrogateescape")


def is_storable(text: str) -> bool:
    """Tell whether an environment can hold this text."""
    try:
        return b"\0" not in encode(text)
    except UnicodeEncodeError:
        return False
