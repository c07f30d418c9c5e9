"""The log file of a run, and the versions deployed from this folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TextIO

import click

from kamalpy.cli.events import (
    CommandRan,
    Event,
    Message,
    Printed,
    RunEnded,
    RunStarted,
    StepEnded,
    StepStarted,
)
from kamalpy.config import Configuration

FOLDER = ".kamal/log"
LOGS_LIMIT = 100
"""Number of logs to keep in .kamal/log; a folder named in output/file is never cleaned up."""

VERSIONS = "versions"
"""The file next to the logs that shell completion reads."""
VERSIONS_LIMIT = 50
DEPLOYS = ("setup", "deploy", "redeploy")


class Journal:
    """Writes every event to a file, whatever is shown."""

    def __init__(self, file: TextIO, name: str, quiet: bool = False) -> None:
        self.file, self.name, self.quiet = file, name, quiet
        self.ended = False

    def show(self, event: Event) -> None:
        """Write one event."""
        time = datetime.now().astimezone().strftime("%H:%M:%S")
        for line in format_event(event):
            self.file.write(f"{time} {line}\n")
        self.file.flush()
        if isinstance(event, RunEnded):
            self.ended = True

    def close(self) -> None:
        """Close the log, and print its name."""
        if self.file.closed:
            return
        if not self.ended:
            self.file.write("ended before its end\n")
        self.file.close()
        if not self.quiet:
            click.echo(f"Log: {self.name}", err=True)


def journal(config: Configuration, command: str, quiet: bool = False) -> Journal | None:
    """Open the log of a run; a folder that cannot be written to is reported, and stops nothing."""
    own = config.output is None or config.output.file is None
    folder = FOLDER if own else str(config.output.file.path)  # type: ignore[union-attr]
    name = os.path.join(folder, file_name(config.destination, command, datetime.now()))  # noqa: PTH118
    path = config.root / name
    try:
        _prepare(path.parent, own)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError as error:
        click.echo(f"No log is written to {folder}: {error.strerror}", err=True)
        return None
    return Journal(os.fdopen(descriptor, "w", encoding="utf-8", errors="replace"), name, quiet)


def file_name(destination: str | None, command: str, at: datetime) -> str:
    """Name a log as Kamal does: time, destination, command."""
    parts = (f"{at:%Y-%m-%dT%H-%M-%S}", destination, *command.split())
    return f"{'_'.join(filter(None, parts))}.log"


def format_event(event: Event) -> Iterator[str]:
    """Format an event as lines of text."""
    if isinstance(event, RunStarted):
        yield f"{event.command} on {', '.join(event.hosts)}"
    elif isinstance(event, StepStarted):
        yield f"{event.step} ..."
    elif isinstance(event, StepEnded):
        yield f"{event.step}: {event.status.value} on {event.host} in {event.seconds:.1f} s"
        yield from (f"  {event.host}: {each}" for each in event.said)
    elif isinstance(event, CommandRan):
        failed = "" if event.succeeded else ", failed"
        yield f"  {event.host} $ {event.command} ({event.seconds:.2f} s{failed})"
        yield from (f"  {event.host} | {each}" for each in event.wrote)
    elif isinstance(event, (Message, Printed)):
        yield f"{f'{event.host}: ' if event.host else ''}{event.text}"
    elif isinstance(event, RunEnded):
        yield from event.why
        how = "Completed" if event.status == 0 else f"Failed with exit status {event.status}"
        yield f"{how} in {event.seconds:.1f} seconds"


def _prepare(folder: Path, own: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if not own:
        return
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")
    for old in sorted(folder.glob("*.log"))[: -LOGS_LIMIT + 1]:
        old.unlink(missing_ok=True)


class VersionRecorder:
    """Records the version of each successful deploy."""

    def __init__(self, config: Configuration, version: str) -> None:
        self.config, self.version = config, version

    def show(self, event: Event) -> None:
        """Record it when the command ends."""
        if not isinstance(event, RunEnded) or event.command not in DEPLOYS or not self.version:
            return
        if event.status == 0 and event.changed:
            self._record()

    def close(self) -> None:
        """Do nothing: each version is written at once."""

    def _record(self) -> None:
        others = [each for each in _read(self.config) if each != self._line]
        with suppress(OSError):
            path = self.config.root / FOLDER / VERSIONS
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(f"{each}\n" for each in [self._line, *others][:VERSIONS_LIMIT]))

    @property
    def _line(self) -> str:
        return f"{self.config.service_and_destination} {self.version}"


def deployed_versions(config: Configuration) -> list[str]:
    """List the versions of a destination, the last one first."""
    lines = (line.partition(" ") for line in _read(config))
    return [version for name, _, version in lines if name == config.service_and_destination]


def _read(config: Configuration) -> list[str]:
    try:
        return (config.root / FOLDER / VERSIONS).read_text().splitlines()
    except OSError:
        return []
