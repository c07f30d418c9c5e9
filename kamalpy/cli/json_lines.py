"""Events as JSON, one object a line, for programs."""

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
"""The form of the objects: raised when a field goes or changes its meaning, not when one comes."""
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
"""What each event is called; those that are not here are told to people only."""


class JsonLines:
    """Every event on standard output; ``events.schema.json`` describes them."""

    def show(self, event: Event) -> None:
        """Write one event."""
        if type(event) in NAMES:
            sys.stdout.write(f"{json.dumps(plain(event), default=_value)}\n")
            sys.stdout.flush()

    def close(self) -> None:
        """Nothing is left to be done."""


def plain(event: Event) -> dict[str, Any]:
    """Give an event as a JSON object."""
    return {"version": VERSION, "event": NAMES[type(event)], **asdict(event)}


def _value(value: Enum) -> Any:
    return value.value
