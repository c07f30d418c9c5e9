"""``options`` of a role or an accessory, and the restart policy among them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kamalpy.config.document.ruby import Symbol
from kamalpy.config.faults import Fault

DEFAULT_RESTART = "unless-stopped"
RESTART = re.compile(r"no|always|unless-stopped|on-failure(:[0-9]+)?")
RESERVED_LABELS = ("service", "role", "destination")
PATH = ("options", "restart")
OPTION_RULES: Mapping[str, Any] = {
    "allOf": [
        {
            "properties": {
                "options": {"properties": {"restart": {"pattern": f"^({RESTART.pattern})$"}}}
            }
        },
        {"properties": {"options": {"properties": {"restart": {"type": "string"}}}}},
        {"properties": {"labels": {"propertyNames": {"not": {"enum": list(RESERVED_LABELS)}}}}},
    ]
}
"""The same in JSON Schema."""


def restart_faults(raw: Mapping[str, Any]) -> Iterator[Fault]:
    """Refuse a restart policy that Docker does not know."""
    options = raw.get("options")
    if not isinstance(options, dict) or "restart" not in options:
        return
    policy = options["restart"]
    if not isinstance(policy, str) or isinstance(policy, Symbol):
        yield Fault("should be a string", 'write "no" in quotes to disable restarts', PATH)
    elif not RESTART.fullmatch(policy):
        choice = "no, always, unless-stopped, on-failure or on-failure:N"
        yield Fault(f"should be {choice}", 'write it like "restart: always"', PATH)


def option_faults(raw: Mapping[str, Any], keys: Iterable[str]) -> Iterator[Fault]:
    """Refuse keys of the section itself that are one level too deep."""
    written = raw.get("options")
    options = written if isinstance(written, dict) else {}
    for key in options:
        if key in keys and isinstance(options[key], dict):
            how = f"move {key} one level up, next to options"
            yield Fault("holds a hash, which no option of docker run is", how, ("options", key))


def label_faults(raw: Mapping[str, Any]) -> Iterator[Fault]:
    """Refuse labels by which containers are found."""
    labels = raw.get("labels")
    for key in labels if isinstance(labels, dict) else ():
        if key in RESERVED_LABELS:
            how = "choose another name (destination, role and service are set for you)"
            yield Fault("is a reserved label", how, ("labels", key))


def without_restart(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that are passed on unchanged."""
    return {key: value for key, value in options.items() if key != "restart"}
