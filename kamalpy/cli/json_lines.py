"""Events as JSON, one object per line, for programs."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from enum import Enum
from typing import Any

from kamalpy.cli.events import (
    Begins,
    Ends,
    Event,
    Printed,
    Ran,
    Release,
    Said,
    StepBegins,
    StepEnds,
)

VERSION = 1
"""The version of the format: raised when a field is removed or changes its meaning."""
NAMES: dict[type, str] = {
    Begins: "begins",
    StepBegins: "step_begins",
    StepEnds: "step_ends",
    Ran: "ran",
    Said: "said",
    Printed: "printed",
    Release: "release",
    Ends: "ends",
}
"""The name of each event; others are shown to people only."""


class JsonLines:
    """Every event on standard output; ``events.schema.json`` describes them."""

    def show(self, event: Event) -> None:
        """Write one event."""
        if type(event) in NAMES:
            sys.stdout.write(f"{json.dumps(plain(event), default=_value)}\n")
            sys.stdout.flush()

    def close(self) -> None:
        """Do nothing: each event is written at once."""


def plain(event: Event) -> dict[str, Any]:
    """Return an event as a JSON object."""
    return {"version": VERSION, "event": NAMES[type(event)], **asdict(event)}


def _value(value: Enum) -> Any:
    return value.value
