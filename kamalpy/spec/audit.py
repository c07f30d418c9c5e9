"""The ``audit=`` argument of operations: whose audit log records a change, and its text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Audit:
    """
    Where and how a change is recorded; an operation without one records nothing.

    ``service`` and ``destination`` name the log as Kamal does, ``performer`` is who makes the
    change. ``text`` replaces the words of the operation itself.
    """

    service: str
    performer: str
    destination: str | None = None
    text: str | None = None
