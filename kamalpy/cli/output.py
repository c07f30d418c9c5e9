"""Who is told of events: people or programs, a log file, a collector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kamalpy.cli.events import Event
from kamalpy.cli.json_lines import JsonLines
from kamalpy.cli.lines import Lines
from kamalpy.cli.settings import Settings


class Output(Protocol):
    """Whoever is told of events."""

    def show(self, event: Event) -> None:
        """Hear of one."""

    def close(self) -> None:
        """Hear that there will be no more."""


class Several:
    """More than one of them, the first one first."""

    def __init__(self, outputs: Sequence[Output]) -> None:
        self.outputs = list(outputs)

    def show(self, event: Event) -> None:
        """Tell all of them of one."""
        for each in self.outputs:
            each.show(event)

    def close(self) -> None:
        """Tell all of them that there will be no more."""
        for each in self.outputs:
            each.close()


def output(settings: Settings) -> Output:
    """Choose who shows events at once."""
    return JsonLines() if settings.json else Lines(settings)
