"""Secrets are masked in every event before any output gets it."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from kamalpy._pyinfra import hide
from kamalpy.cli.events import Event
from kamalpy.cli.output import Output

_UNMASKED = frozenset({"host", "hosts"})
"""Fields that programs match on, and that no server writes."""


class MaskedOutput:
    """Masks secrets in events, and passes them on to an output."""

    def __init__(self, output: Output) -> None:
        self.output = output

    def show(self, event: Event) -> None:
        """Pass an event on, masked."""
        self.output.show(masked(event))

    def close(self) -> None:
        """Close the output."""
        self.output.close()


def masked(event: Event) -> Event:
    """Return an event without the values that this run must not show."""
    found = {each.name: getattr(event, each.name) for each in fields(event)}
    values = {name: _masked(value) for name, value in found.items() if name not in _UNMASKED}
    return replace(event, **values)


def _masked(value: Any) -> Any:
    if type(value) is str:
        return hide(value)
    return tuple(hide(each) for each in value) if isinstance(value, tuple) else value
