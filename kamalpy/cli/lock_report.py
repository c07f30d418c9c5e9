"""Describe a deploy lock: who holds it, since when, whether that run is alive."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timezone

from kamalpy.spec.state import Lock

_SINCE = re.compile(r"\bat (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)")
_LIVES = {
    "alive": "at work",
    "silent": "silent for two minutes; its connection hangs, or it does",
    "dead": "dead: the connection it took the lock by is gone",
    "unknown": "unknown: taken by hand, or by Kamal",
}
_UNITS = ((60, "second"), (60, "minute"), (24, "hour"))


def lock_report(lock: Lock, now: datetime, remedy: str) -> Iterator[str]:
    """List Kamal's details of a lock, its age, and whether its owner is alive."""
    yield from (line for line in lock.details.splitlines() if line.strip())
    since = _SINCE.search(lock.details)
    if since:
        at = datetime.strptime(since[1], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
        yield f"Age: {age((now - at).total_seconds())}"
    yield f"Owner: {_LIVES.get(lock.owner, lock.owner)}"
    if lock.owner != "alive":
        yield f"If nobody deploys any more, take it: {remedy}"


def age(seconds: float) -> str:
    """Return a duration in its largest unit."""
    amount = max(int(seconds), 0)
    for size, unit in _UNITS:
        if amount < size:
            return _count(amount, unit)
        amount //= size
    return _count(amount, "day")


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"
