"""One line of ``kamalpy doctor``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Level(str, Enum):
    """How bad it is; a problem keeps a deploy from succeeding."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check has found of a subject, and how to fix it."""

    level: Level
    subject: str
    what: str
    how: str = ""

    def __str__(self) -> str:
        sentence = f"{self.what}; {self.how}" if self.how else self.what
        return f"{self.subject}: {sentence}" if self.subject else sentence


def ok(subject: str, what: str) -> Finding:
    """Report that something is as it should be."""
    return Finding(Level.OK, subject, what)


def warning(subject: str, what: str, how: str) -> Finding:
    """Report what may go wrong."""
    return Finding(Level.WARNING, subject, what, how)


def problem(subject: str, what: str, how: str) -> Finding:
    """Report what keeps a deploy from succeeding."""
    return Finding(Level.PROBLEM, subject, what, how)
