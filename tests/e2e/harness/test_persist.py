"""What needs the network is tried more than once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fleet.errors import FleetError
from fleet.shell import persist


def failing(times: int) -> Callable[[], str]:
    """Fail that many times, each time for another reason, and then no more."""
    tries = iter(range(times))

    def do() -> str:
        for number in tries:
            raise FleetError(f"reason {number}")
        return "done"

    return do


def test_it_is_done_again_until_it_succeeds(capsys: pytest.CaptureFixture[str]) -> None:
    assert persist(failing(2), pauses=(0, 0)) == "done"
    assert capsys.readouterr().err == "reason 0\nonce more in 0 s\nreason 1\nonce more in 0 s\n"


def test_the_last_reason_is_reported() -> None:
    with pytest.raises(FleetError, match="reason 2"):
        persist(failing(3), pauses=(0, 0))
