"""Examples on one line of YAML."""

from __future__ import annotations

import json
from typing import Any


def in_flow(value: Any) -> str:
    """Write an example on one line of YAML; a string stands as it is, quotes and all."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {in_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(in_flow(item) for item in value) + "]"
    return value if isinstance(value, str) else json.dumps(value)
