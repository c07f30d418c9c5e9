"""What GitHub Actions understands: groups that fold, and notes beside the log."""

from __future__ import annotations


def group(title: str) -> str:
    """Begin a group."""
    return f"::group::{_data(title)}"


END_GROUP = "::endgroup::"


def note(level: str, text: str, title: str | None = None) -> str:
    """Write a note: an ``error`` or a ``warning``."""
    named = f" title={_property(title)}" if title else ""
    return f"::{level}{named}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
