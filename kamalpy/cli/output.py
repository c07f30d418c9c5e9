"""Where events go: to people or programs, a log file, a collector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kamalpy.cli.events import Event
from kamalpy.cli.json_lines import JsonLines
from kamalpy.cli.lines import Lines
from kamalpy.cli.settings import Settings


class Output(Protocol):
    """A receiver of events."""

    def show(self, event: Event) -> None:
        """Take an event."""

    def close(self) -> None:
        """End: there are no more events."""


class Several:
    """Several outputs, each event in their order."""

    def __init__(self, outputs: Sequence[Output]) -> None:
        self.outputs = list(outputs)

    def show(self, event: Event) -> None:
        """Pass an event on to all of them."""
        for each in self.outputs:
            each.show(event)

    def close(self) -> None:
        """Close all of them."""
        for each in self.outputs:
            each.close()


def output(settings: Settings) -> Output:
    """Choose what prints events."""
    return JsonLines() if settings.json else Lines(settings)
