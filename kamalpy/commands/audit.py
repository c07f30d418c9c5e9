"""Kamal's audit log: one line on the host for everything that changed it."""

from __future__ import annotations

from dataclasses import dataclass

from pyinfra.api.command import StringCommand

from kamalpy.commands.base import script
from kamalpy.spec.audit import Audit


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the audit log: who, for which destination and role, what; no log, no line."""

    text: str
    log: str = ""
    performer: str = ""
    destination: str | None = None
    role: str | None = None

    @classmethod
    def from_audit(cls, audit: Audit | None, text: str, role: str | None = None) -> Event:
        """Make the line for an operation's ``audit=``; ``text`` is its default text."""
        if audit is None:
            return cls("")
        log = log_file(audit.service, audit.destination)
        text = text if audit.text is None else audit.text
        return cls(text, log if text else "", audit.performer, audit.destination, role)

    @property
    def words(self) -> dict[str, str]:
        """The words of a script that records it: the log's path, the tags in brackets, the text."""
        tags = " ".join(f"[{tag}]" for tag in (self.performer, self.destination, self.role) if tag)
        parts = {"log": self.log, "tags": tags, "event": self.text}
        return {name: " ".join(part.split()) for name, part in parts.items()}

    def record(self) -> StringCommand:
        """Append the line."""
        return script("record", **self.words)


def log_file(service: str, destination: str | None = None) -> str:
    """Name the audit log of a service, below the SSH user's home."""
    return f".kamal/{'-'.join(filter(None, (service, destination)))}-audit.log"


def read(log: str, lines: int) -> StringCommand:
    """Print the last lines of an audit log, nothing where there is none."""
    return script("audited", log=log, lines=lines)
