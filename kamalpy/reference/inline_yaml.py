"""Examples on one line of YAML."""

from __future__ import annotations

import json
from typing import Any


def inline_yaml(value: Any) -> str:
    """Write an example on one line of YAML; a string stands as it is, quotes and all."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {inline_yaml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inline_yaml(item) for item in value) + "]"
    return value if isinstance(value, str) else json.dumps(value)
