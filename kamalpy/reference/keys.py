"""What every key of deploy.yml is for, from ``keys.yml``: description, example, pitfall."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


@cache
def _texts() -> Mapping[str, Any]:
    import yaml  # which help and docs do without

    text = Path(__file__).with_name("keys.yml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    read: Mapping[str, Any] = yaml.load(text, loader)  # noqa: S506 - a safe one
    return read


def texts_of(section: type, key: str) -> Mapping[str, Any]:
    """Return description and example of a key; nothing for one that its field describes."""
    sections = (_texts()["sections"].get(each.__name__, {}) for each in section.__mro__)
    return next((keys[key] for keys in sections if key in keys), {})


def pitfalls() -> Mapping[str, str]:
    """Return what people stumble over, by path: ``servers/ROLE/cmd``."""
    found: Mapping[str, str] = _texts()["pitfalls"]
    return found


def inline_yaml(value: Any) -> str:
    """Write an example on one line of YAML; a string stands as it is, quotes and all."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {inline_yaml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inline_yaml(item) for item in value) + "]"
    return value if isinstance(value, str) else json.dumps(value)
