"""Exit statuses, each of them one thing."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What a command ends with."""

    OK = 0
    ERROR = 1
    DRIFT = 2
    LOCKED = 3
    UNHEALTHY = 4
    REVERTED = 5
    UNREACHABLE = 6
    LEFTOVERS = 7
    DIVIDED = 8
    INTERRUPTED = 130
