"""Where events go: to people or programs, a log file, a collector; secrets are masked first."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, fields, replace
from enum import Enum
from typing import Any, Protocol

from kamalpy._pyinfra import hide
from kamalpy.cli import events
from kamalpy.cli.events import Event
from kamalpy.cli.lines import Lines
from kamalpy.cli.settings import Settings

VERSION = 1
"""The version of the JSON format: raised when a field is removed or changes its meaning."""
NAMES: dict[type, str] = {
    events.RunStarted: "begins",
    events.StepStarted: "step_begins",
    events.StepEnded: "step_ends",
    events.CommandRan: "ran",
    events.Message: "said",
    events.Printed: "printed",
    events.Release: "release",
    events.RunEnded: "ends",
}
"""The name of each event in JSON; others are shown to people only."""
_UNMASKED = frozenset({"host", "hosts"})
"""Fields that programs match on, and that no server writes."""


class Output(Protocol):
    """A receiver of events."""

    def show(self, event: Event) -> None:
        """Take an event."""

    def close(self) -> None:
        """End: there are no more events."""


class Outputs:
    """Several outputs, each event in their order, without the values of secrets."""

    def __init__(self, *outputs: Output) -> None:
        self.outputs = list(outputs)

    def add(self, *outputs: Output | None) -> None:
        """Add those that there are."""
        self.outputs += [output for output in outputs if output is not None]

    def show(self, event: Event) -> None:
        """Pass an event on to all of them."""
        values = {each.name: getattr(event, each.name) for each in fields(event)}
        masked = {name: _masked(each) for name, each in values.items() if name not in _UNMASKED}
        for output in self.outputs:
            output.show(replace(event, **masked))

    def close(self) -> None:
        """Close all of them."""
        for output in self.outputs:
            output.close()


class JsonLines:
    """Every event on standard output as a JSON object; ``events.schema.json`` describes them."""

    def show(self, event: Event) -> None:
        """Write one event."""
        if type(event) in NAMES:
            fields_ = {"version": VERSION, "event": NAMES[type(event)], **asdict(event)}
            sys.stdout.write(f"{json.dumps(fields_, default=_enum_value)}\n")
            sys.stdout.flush()

    def close(self) -> None:
        """Do nothing: each event is written at once."""


def printer(settings: Settings) -> Outputs:
    """Choose what prints events: as JSON for programs, else in lines for people."""
    return Outputs(JsonLines() if settings.json else Lines(settings))


def _masked(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(hide(each) for each in value)
    return hide(value) if type(value) is str else value


def _enum_value(value: Enum) -> Any:
    return value.value
