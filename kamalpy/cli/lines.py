"""Show events to people: a line for each step and host, and one for the step under way."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from typing import Any

import click

from kamalpy.cli import terminals
from kamalpy.cli.events import (
    CommandRan,
    Event,
    Exit,
    Heading,
    Level,
    Message,
    Printed,
    RunEnded,
    Status,
    StepEnded,
    StepProgress,
    StepStarted,
)
from kamalpy.cli.settings import Settings
from kamalpy.cli.terminals import styled
from kamalpy.reference.spelling import count

_SIGNS = {
    Status.CHANGED: ("✓", "green"),
    Status.UNCHANGED: ("·", None),
    Status.FAILED: ("✗", "red"),
    Status.PREDICTED: ("~", "yellow"),
}
_COLORS = {Level.WARNING: "yellow", Level.ERROR: "red"}
_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_PAUSE = 0.1


class Lines:
    """Results on standard output; all else on standard error, where a step under way is shown."""

    def __init__(self, settings: Settings) -> None:
        self.quiet, self.verbose = settings.quiet, settings.verbose
        self.colors = terminals.has_colors(sys.stderr, settings)
        self.progress = Progress(terminals.is_live(sys.stderr, settings), self.colors)
        self.actions = terminals.in_actions()
        self.group: str | None = None
        self._writers: dict[type, Callable[[Any], None]] = {
            StepEnded: self._end,
            Heading: self._head,
            Printed: lambda event: click.echo(event.text, err=event.stream == "stderr"),
            CommandRan: self._ran,
            Message: self._message,
            RunEnded: self._finish,
        }

    def show(self, event: Event) -> None:
        """Show one event."""
        if isinstance(event, StepStarted):
            self.progress.begin(event.step)
        elif isinstance(event, StepProgress):
            self.progress.update(event)
        elif type(event) in self._writers:
            ends_step = isinstance(event, (StepEnded, RunEnded))
            (self.progress.end if ends_step else self.progress.clear)()
            self._writers[type(event)](event)

    def close(self) -> None:
        """Leave the terminal as it was."""
        self.progress.end()
        self._end_group()

    def _end(self, event: StepEnded) -> None:
        failed = event.status is Status.FAILED
        unchanged = event.status is Status.UNCHANGED
        if (self.quiet and not failed) or (unchanged and not self.verbose):
            return
        self._begin_group(event.step)
        sign, color = _SIGNS[event.status]
        seconds = f"  {event.seconds:.1f}s" if event.seconds else ""
        self._echo(f"{sign} {event.step}  {event.host}{seconds}", color)
        if not unchanged or self.verbose:
            for each in event.said:
                self._echo(f"    {each}")
        if failed:
            text = "\n".join(event.said)[:1000] or "no output"
            self._annotate("error", text, f"{event.step} on {event.host}")

    def _head(self, event: Heading) -> None:
        if not self.quiet:
            click.echo(event.text)

    def _ran(self, event: CommandRan) -> None:
        if self.verbose < 2:
            return
        self._echo(f"    {event.host} $ {event.command}  {event.seconds:.1f}s", dim=True)
        for each in event.wrote:
            self._echo(f"    {event.host} | {each}", dim=True)

    def _message(self, event: Message) -> None:
        if self.quiet and event.level is not Level.ERROR:
            return
        if self.actions and event.level is not Level.INFO:
            self._end_group()
            self._annotate(event.level.value, event.text, event.host)
            return
        host = f"{event.host}  " if event.host else ""
        self._echo(f"  {host}{event.text}", _COLORS.get(event.level))

    def _finish(self, event: RunEnded) -> None:
        self._end_group()
        for each in event.why:
            self._echo(f"ERROR: {each}", "red")
            self._annotate("error", each, event.command)
        if event.next:
            click.echo(f"Try: {event.next}", err=True)
        if not self.quiet:
            click.echo(summary(event), err=True)

    def _annotate(self, level: str, text: str, title: str | None) -> None:
        if self.actions:
            click.echo(terminals.annotation(level, text, title), err=True)

    def _begin_group(self, step: str) -> None:
        if self.actions and self.group != step:
            self._end_group()
            self.group = step
            click.echo(terminals.group_start(step), err=True)

    def _end_group(self) -> None:
        if self.group is not None:
            self.group = None
            click.echo(terminals.GROUP_END, err=True)

    def _echo(self, text: str, color: str | None = None, dim: bool = False) -> None:
        click.echo(styled(text, self.colors, fg=color, dim=dim or None), err=True)


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

    def update(self, event: StepProgress) -> None:
        """Show on how many hosts the step has ended."""
        if event.step == self._step and event.hosts > 1:
            self._hosts = f"  {event.done}/{event.hosts} hosts"

    def clear(self) -> None:
        """Clear the line for other output; the current step is redrawn soon."""
        if self._is_drawn:
            self._is_drawn = False
            _write("")

    def end(self) -> None:
        """Stop showing a step."""
        self._step = None
        self.clear()

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


def summary(event: RunEnded) -> str:
    """Describe in one line how a command ended."""
    seconds = f"{event.seconds:.1f} s"
    if event.status not in (Exit.OK, Exit.DRIFT, Exit.LEFTOVERS):
        return f"{event.command} failed: exit status {event.status}, {seconds}"
    if event.predicted:
        steps, hosts = count(event.predicted, "step"), count(event.hosts, "host")
        return f"{event.command} would change {steps} on {hosts}; nothing is changed yet, {seconds}"
    if event.changed:
        steps, hosts = count(event.changed, "step"), count(event.hosts, "host")
        left = "; something is left to do, exit status 7" if event.status == Exit.LEFTOVERS else ""
        return f"{event.command} has changed {steps} on {hosts}{left}, {seconds}"
    return f"{event.command}: nothing to do, {seconds}"


def shorten(text: str, columns: int) -> str:
    """Shorten a text to a number of columns."""
    return text if len(text) <= columns else f"{text[: max(columns - 1, 0)]}…"


def _write(text: str) -> None:
    click.echo(f"\r\x1b[K{text}", err=True, nl=False, color=True)  # --no-color redraws as well
    sys.stderr.flush()
