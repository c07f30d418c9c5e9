"""The current step, on a line that is redrawn."""

from __future__ import annotations

import shutil
import sys
import time
from typing import Any

import click

from kamalpy.cli.events import StepGoesOn
from kamalpy.cli.terminals import styled

_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_PAUSE = 0.1


class Progress:
    """One line at the bottom of a terminal; nothing where there is no terminal."""

    def __init__(self, live: bool, colors: bool) -> None:
        self._live, self._colors = live, colors
        self._step: str | None = None
        self._hosts = ""
        self._begun = 0.0
        self._ticking: Any = None
        self._is_drawn = False

    def begin(self, step: str) -> None:
        """Show that a step begins."""
        if not self._live:
            return
        self._step, self._hosts, self._begun = step, "", time.monotonic()
        self._draw()
        if self._ticking is None:
            import gevent

            self._ticking = gevent.spawn(self._tick)

    def go_on(self, event: StepGoesOn) -> None:
        """Show on how many hosts the step has ended."""
        if event.step == self._step and event.hosts > 1:
            self._hosts = f"  {event.done}/{event.hosts} hosts"

    def aside(self) -> None:
        """Clear the line for other output; the current step is redrawn soon."""
        if self._is_drawn:
            self._is_drawn = False
            _write("")

    def end(self) -> None:
        """Stop showing a step."""
        self._step = None
        self.aside()

    def _tick(self) -> None:
        import gevent

        while True:
            gevent.sleep(_PAUSE)
            if self._step is not None:
                self._draw()

    def _draw(self) -> None:
        self._is_drawn = True
        seconds = time.monotonic() - self._begun
        frame = _FRAMES[int(seconds / _PAUSE) % len(_FRAMES)]
        columns, end = shutil.get_terminal_size().columns, f"{self._hosts}  {seconds:.0f}s"
        begin = shorten(f"{frame} {self._step}", columns - 1 - len(end))
        _write(styled(begin + end, self._colors, dim=True))


def shorten(text: str, columns: int) -> str:
    """Shorten a text to a number of columns."""
    return text if len(text) <= columns else f"{text[: max(columns - 1, 0)]}…"


def _write(text: str) -> None:
    click.echo(f"\r\x1b[K{text}", err=True, nl=False, color=True)  # --no-color redraws as well
    sys.stderr.flush()
