"""Ctrl-C and SIGTERM end a run within ten seconds, also if a host answers no more."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from kamalpy._pyinfra.signals import LIMIT

SOON = 4
"""Seconds that all but one of these runs have for their end, so that the tests do not take long."""
PYINFRA = """
from kamalpy._pyinfra import signals
signals.LIMIT = {limit}
from pyinfra_cli.main import main
main()
"""
BUSY = 10
"""Seconds that a program may need for itself where others work as well; a silent host takes 600."""
DEPLOY = ("kamalpy.deploys:deploy", "-y")
NUMBERS = (signal.SIGINT, signal.SIGTERM)


def interrupted(project: Any, process: Any, number: int) -> tuple[float, str]:
    """Interrupt a run, and tell how long it took to end and what it has said."""
    began = time.monotonic()
    process.send_signal(number)
    text = process.communicate(timeout=60)[0]
    assert process.returncode == 128 + number, text
    assert "Traceback" not in text
    return time.monotonic() - began, text


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("step", ["pull", "boot", "switch"])
def test_a_host_that_answers_no_more(deployed: Any, step: str, number: int) -> None:
    begin = len(deployed.told(0))
    process = deployed.start(
        *DEPLOY, faults=f"h2.test:{step}:silent", code=PYINFRA.format(limit=SOON)
    )
    deployed.wait_for(process, begin, step)

    seconds, text = interrupted(deployed, process, number)

    assert seconds < SOON + BUSY
    assert ("No answer from h2.test in time" in text) is (step != "pull")
    others = {host: deployed.running()[host] for host in ("h1.test", "h3.test")}
    assert others == {"h1.test": ["blog-web-v1"], "h3.test": ["blog-job-v1"]}
    assert "lock" not in deployed.world["h1.test"]


def test_the_host_with_the_lock_answers_no_more(deployed: Any) -> None:
    begin = len(deployed.told(0))
    process = deployed.start(*DEPLOY, faults="h1.test:switch:silent")
    deployed.wait_for(process, begin, "switch")

    seconds, text = interrupted(deployed, process, signal.SIGTERM)

    assert seconds < LIMIT + BUSY
    assert "No answer from h1.test in time" in text
    assert deployed.running()["h2.test"] == ["blog-web-v1"]


def test_a_second_signal_waits_for_nobody(deployed: Any) -> None:
    begin = len(deployed.told(0))
    process = deployed.start(*DEPLOY, faults="h2.test:switch:silent", code=PYINFRA.format(limit=60))
    deployed.wait_for(process, begin, "switch")
    process.send_signal(signal.SIGTERM)
    time.sleep(1)

    seconds, _ = interrupted(deployed, process, signal.SIGTERM)

    assert seconds < 3 + BUSY


def test_the_handlers_are_those_from_before(deployed: Any, run: Callable[..., Any]) -> None:
    before = [signal.getsignal(number) for number in NUMBERS]

    assert run().status == 0

    assert [signal.getsignal(number) for number in NUMBERS] == before
