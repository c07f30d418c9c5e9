"""Taking secrets out of what is told, whoever is told of it."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from kamalpy._pyinfra import hide
from kamalpy.cli.events import Event
from kamalpy.cli.output import Output

_OURS = frozenset({"host", "hosts"})
"""Fields by which programs find things again, and which no server writes."""


class Hiding:
    """Stands before an output, which hears of no value of a secret."""

    def __init__(self, output: Output) -> None:
        self.output = output

    def show(self, event: Event) -> None:
        """Tell of one event what may be told."""
        self.output.show(hidden(event))

    def close(self) -> None:
        """Tell that there will be no more."""
        self.output.close()


def hidden(event: Event) -> Event:
    """Give an event without the values that this run must not show."""
    found = {each.name: getattr(event, each.name) for each in fields(event)}
    said = {name: _without(value) for name, value in found.items() if name not in _OURS}
    return replace(event, **said)


def _without(value: Any) -> Any:
    if type(value) is str:
        return hide(value)
    return tuple(hide(each) for each in value) if isinstance(value, tuple) else value
