"""Extracts one value from the result of a fetch."""

from __future__ import annotations

import json
from typing import Any

from kamalpy.errors import SecretError


def extract(name: str, json_text: str) -> str:
    """Find ``name``, or else the first key that ends in ``/name``, in the result of a fetch."""
    try:
        found = json.loads(json_text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise SecretError(
            f"{name} cannot be extracted from something that is not JSON; give it the result of "
            "`kamal secrets fetch`"
        )
    value = found.get(name)
    if value is None:
        value = next((v for key, v in found.items() if key.endswith(f"/{name}")), None)
    if value is None:
        keys = ", ".join(found) or "nothing"
        raise SecretError(f"{name} is not in what was fetched; that holds {keys}")
    return as_text(value)


def as_text(value: Any) -> str:
    """Return a JSON value as text: strings as they are, anything else as JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
