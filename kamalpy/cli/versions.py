"""The versions deployed from this folder, stored next to the logs for shell completion."""

from __future__ import annotations

from contextlib import suppress

from kamalpy.cli.events import Ends, Event
from kamalpy.cli.journal import FOLDER
from kamalpy.config import Configuration

NAME = "versions"
LIMIT = 50
COMMANDS = ("setup", "deploy", "redeploy")


class VersionRecorder:
    """Records the version of each successful deploy."""

    def __init__(self, config: Configuration, version: str) -> None:
        self.config, self.version = config, version

    def show(self, event: Event) -> None:
        """Record it when the command ends."""
        if not isinstance(event, Ends) or event.command not in COMMANDS or not self.version:
            return
        if event.status == 0 and event.changed:
            self._record()

    def close(self) -> None:
        """Do nothing: each version is written at once."""

    def _record(self) -> None:
        others = [each for each in _read(self.config) if each != self._line]
        with suppress(OSError):
            path = self.config.root / FOLDER / NAME
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(f"{each}\n" for each in [self._line, *others][:LIMIT]))

    @property
    def _line(self) -> str:
        return f"{self.config.service_and_destination} {self.version}"


def deployed_versions(config: Configuration) -> list[str]:
    """List the versions of a destination, the last one first."""
    lines = (line.partition(" ") for line in _read(config))
    return [version for name, _, version in lines if name == config.service_and_destination]


def _read(config: Configuration) -> list[str]:
    try:
        return (config.root / FOLDER / NAME).read_text().splitlines()
    except OSError:
        return []
