"""No event, log line or report has a value of a secret."""

from __future__ import annotations

import base64
import json
import logging
import traceback
from collections.abc import Iterator

import pytest
from pyinfra import logger
from pyinfra.api import State, output
from pyinfra.context import ctx_state

from kamalpy._pyinfra import hide_error, masks
from kamalpy.cli.events import (
    CommandRan,
    Event,
    Message,
    Printed,
    RunEnded,
    RunStarted,
    Status,
    StepEnded,
)
from kamalpy.cli.output import Outputs

VALUE = "pa$$ \"word'!"


@pytest.fixture(autouse=True)
def run() -> Iterator[None]:
    echo = output._echo
    with ctx_state.use(State()):
        masks().add("TOKEN", VALUE)
        yield
    output.set_echo(echo)


class Recorder:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def show(self, event: Event) -> None:
        self.events.append(event)

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("event", "masked_event"),
    [
        (Message(f"it is {VALUE}", "h1"), Message("it is *TOKEN*", "h1")),
        (
            StepEnded("Boot", "h1", Status.FAILED, 1.5, (f"log: {VALUE}", "end")),
            StepEnded("Boot", "h1", Status.FAILED, 1.5, ("log: *TOKEN*", "end")),
        ),
        (
            CommandRan("h1", "docker ps", True, 0.1, (json.dumps({"a": VALUE}),)),
            CommandRan("h1", "docker ps", True, 0.1, ('{"a": "*TOKEN*"}',)),
        ),
        (
            Printed(base64.b64encode(VALUE.encode()).decode(), "h1", "web"),
            Printed("*TOKEN*", "h1", "web"),
        ),
        (
            RunEnded("deploy", 1, 2.5, why=(f"Hook said {VALUE}",), next="kamalpy details"),
            RunEnded("deploy", 1, 2.5, why=("Hook said *TOKEN*",), next="kamalpy details"),
        ),
    ],
    ids=["said", "step", "json", "base64", "end"],
)
def test_events(event: Event, masked_event: Event) -> None:
    recorder = Recorder()
    Outputs(recorder).show(event)
    assert recorder.events == [masked_event]


def test_hosts_keep_their_names() -> None:
    masks().add("HOST", "10.1.2.3")
    recorder = Recorder()
    Outputs(recorder).show(RunStarted("deploy", ("10.1.2.3",)))
    Outputs(recorder).show(Message("10.1.2.3 answers", "10.1.2.3"))
    assert recorder.events == [
        RunStarted("deploy", ("10.1.2.3",)),
        Message("*HOST* answers", "10.1.2.3"),
    ]


def test_the_log_of_pyinfra(caplog: pytest.LogCaptureFixture) -> None:
    logger.propagate = True
    with caplog.at_level(logging.DEBUG, logger.name):
        logger.debug("Running command on %s: %s", "h1", f"echo {VALUE}")
    assert [each.getMessage() for each in caplog.records] == ["Running command on h1: echo *TOKEN*"]


def test_what_pyinfra_prints() -> None:
    masked_event: list[object] = []
    output.set_echo(masked_event.append)
    masks()
    output.echo(f"[h1] {VALUE}")
    assert masked_event == ["[h1] *TOKEN*"]


def test_reports_of_errors_that_nobody_expects() -> None:
    def fail() -> None:
        try:
            raise ValueError(f"bad: {VALUE}", 5)
        except ValueError as error:
            raise RuntimeError(f"worse: {VALUE}") from error

    with pytest.raises(RuntimeError) as raised:
        fail()
    hide_error(raised.value)
    report = "".join(traceback.format_exception(raised.value))
    assert VALUE not in report
    assert "worse: *TOKEN*" in report
    assert "bad: *TOKEN*" in report
