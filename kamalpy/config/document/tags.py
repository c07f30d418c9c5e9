"""What a scalar is once its quotes and its tag have been heard."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import yaml

from kamalpy.config.document.ruby import Symbol
from kamalpy.config.document.scalars import scan

TEXT = ("!str", "tag:yaml.org,2002:str", "!ruby/string")
BINARY = ("!binary", "tag:yaml.org,2002:binary")
FLOAT = ("!float", "tag:yaml.org,2002:float")
SYMBOL = ("!ruby/symbol", "!ruby/sym")


class TagError(ValueError):
    """A tag that asks for more than YAML's own values."""


def scalar_value(event: yaml.ScalarEvent) -> Any:
    """Read one scalar: quoted is text, tagged is what the tag says, all else is scanned."""
    if event.tag is None or event.tag == "!":
        return scan(event.value) if event.implicit[0] else event.value
    return _tagged(event.tag, event.value)


def _tagged(tag: str, value: str) -> Any:
    if tag in TEXT:
        return value
    if tag in SYMBOL:
        return Symbol(value)
    if tag in BINARY:
        return _binary(value)
    if tag in FLOAT:
        return _float(scan(value))
    refuse_objects(tag)
    return scan(value)


def refuse_objects(tag: str | None) -> None:
    """Refuse a tag that would make an object of a Ruby class."""
    if tag is not None and tag.startswith("!ruby/"):
        raise TagError(f"{tag} is an object of Ruby")


def _binary(value: str) -> str:
    try:
        return base64.b64decode(value).decode("utf-8", "replace")
    except binascii.Error:
        raise TagError("!binary needs base64") from None


def _float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TagError("!!float needs a number") from None
