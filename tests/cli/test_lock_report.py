"""A deploy lock that somebody holds, in words."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from kamalpy.cli.queries.state import age, lock_report
from kamalpy.spec.state import Lock

NOW = datetime(2026, 1, 1, 12, 0, 0, tzinfo=timezone.utc)
DETAILS = "Locked by: Ann at 2026-01-01T11:57:30Z\nVersion: v1\nMessage: Automatic deploy lock\n"


def test_of_a_run_at_work() -> None:
    assert list(lock_report(Lock(DETAILS, "alive"), NOW, "kamalpy lock release")) == [
        "Locked by: Ann at 2026-01-01T11:57:30Z",
        "Version: v1",
        "Message: Automatic deploy lock",
        "Age: 2 minutes",
        "Owner: at work",
    ]


@pytest.mark.parametrize(
    ("owner", "report"),
    [
        ("dead", "dead: the connection it took the lock by is gone"),
        ("silent", "silent for two minutes; its connection hangs, or it does"),
        ("unknown", "unknown: taken by hand, or by Kamal"),
    ],
)
def test_an_owner_that_may_be_gone(owner: str, report: str) -> None:
    *_, lives, remedy = lock_report(Lock(DETAILS, owner), NOW, "kamalpy lock release")

    assert lives == f"Owner: {report}"
    assert remedy == "If nobody deploys any more, take it: kamalpy lock release"


def test_of_something_else() -> None:
    assert list(lock_report(Lock("ann's", "alive"), NOW, "x")) == ["ann's", "Owner: at work"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "0 seconds"),
        (1, "1 second"),
        (59.9, "59 seconds"),
        (60, "1 minute"),
        (3599, "59 minutes"),
        (3600, "1 hour"),
        (86399, "23 hours"),
        (86400, "1 day"),
        (864000, "10 days"),
    ],
)
def test_age(seconds: float, text: str) -> None:
    assert age(seconds) == text
