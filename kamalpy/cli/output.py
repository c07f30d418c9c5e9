"""Showing events: lines for people, JSON for programs."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from typing import Protocol

import click

from kamalpy.cli.events import Ends, Event, Said, Status, StepBegins, StepEnds
from kamalpy.cli.settings import Settings

VERSION = 1
"""The form of the JSON objects; a field that goes or changes its meaning raises it."""
_SIGNS = {
    Status.CHANGED: ("✓", "green"),
    Status.UNCHANGED: ("·", None),
    Status.FAILED: ("✗", "red"),
    Status.PREDICTED: ("~", "yellow"),
}


class Output(Protocol):
    """Whoever shows events."""

    def show(self, event: Event) -> None:
        """Show one."""


class Lines:
    """A line a step and host; on a terminal the step that is under way below them."""

    def __init__(self, settings: Settings) -> None:
        self.quiet, self.verbose = settings.quiet, settings.verbose
        self.live = sys.stderr.isatty() and not settings.quiet
        self.color = not os.environ.get("NO_COLOR") and sys.stderr.isatty()
        self.groups = os.environ.get("GITHUB_ACTIONS") == "true"

    def show(self, event: Event) -> None:
        """Show one event on standard error."""
        self._clear()
        if isinstance(event, StepBegins):
            self._begin(event)
        elif isinstance(event, StepEnds):
            self._end(event)
        elif isinstance(event, Said):
            self._say(event)
        else:
            self._finish(event)

    def _begin(self, event: StepBegins) -> None:
        if self.live:
            click.echo(self._styled(f"… {event.step}", dim=True), err=True, nl=False)

    def _clear(self) -> None:
        if self.live:
            click.echo("\r\x1b[K", err=True, nl=False)

    def _end(self, event: StepEnds) -> None:
        failed = event.status is Status.FAILED
        shown = failed or not self.quiet
        if not shown or (event.status is Status.UNCHANGED and not self.verbose):
            return
        sign, color = _SIGNS[event.status]
        seconds = f"  {event.seconds:.1f}s" if event.seconds else ""
        line = f"{sign} {event.step}  {event.host}{seconds}"
        click.echo(self._styled(line, fg=color), err=True)
        if failed or self.verbose:
            for each in event.said:
                click.echo(f"    {each}", err=True)
        if failed and self.groups:
            told = " ".join(event.said)[:500]
            click.echo(f"::error title={event.step} on {event.host}::{told}", err=True)

    def _say(self, event: Said) -> None:
        if not self.quiet:
            host = f"{event.host}  " if event.host else ""
            click.echo(f"  {host}{event.text}", err=True)

    def _finish(self, event: Ends) -> None:
        for each in event.why:
            click.echo(self._styled(each, fg="red"), err=True)
        if not self.quiet:
            done = "Nothing to do" if not event.changed and not event.status else event.command
            click.echo(f"{done}: {event.seconds:.1f} s, exit status {event.status}", err=True)

    def _styled(self, text: str, fg: str | None = None, dim: bool = False) -> str:
        return click.style(text, fg=fg, dim=dim) if self.color else text


class Json:
    """One JSON object a line, on standard output."""

    def show(self, event: Event) -> None:
        """Write one event."""
        named = {"version": VERSION, "event": _NAMES[type(event)], **asdict(event)}
        click.echo(json.dumps(named, default=lambda value: value.value))


_NAMES = {StepBegins: "step_begins", StepEnds: "step_ends", Said: "said", Ends: "ends"}


def output(settings: Settings) -> Output:
    """Choose who shows events."""
    return Json() if settings.json else Lines(settings)
