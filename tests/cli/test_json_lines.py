"""What ``--json`` writes is what its schema says, event by event."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from kamalpy.cli.docs import schema_text
from kamalpy.cli.events import (
    CommandRan,
    Event,
    Heading,
    Level,
    Message,
    Printed,
    Release,
    RunEnded,
    RunStarted,
    Status,
    StepEnded,
    StepProgress,
    StepStarted,
)
from kamalpy.cli.main import run
from kamalpy.cli.output import NAMES, JsonLines

EVENTS: list[Event] = [
    RunStarted("app boot", ("h1", "h2"), dry=True),
    StepStarted("Boot"),
    StepEnded("Boot", "h1", Status.PREDICTED, 0, ("~ image",)),
    CommandRan("h1", "docker ps", False, 0.2, ("no", "docker")),
    Message("beware", None, Level.WARNING),
    Printed("a line", "h1", "web", "stderr", "2026-01-02T03:04:05Z"),
    Release("v1", "2026-01-02T03:04:05Z", None, "sha256:ab", ("h1",), False, ("no image",)),
    RunEnded("app boot", 4, 1.5, 0, 3, 2, ("why",), "kamalpy details"),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: NAMES[type(event)])
def test_each_event_conforms_to_the_schema(
    event: Event, capsys: pytest.CaptureFixture[str]
) -> None:
    JsonLines().show(event)

    (line,) = capsys.readouterr().out.splitlines()
    written = json.loads(line)
    schema = json.loads(schema_text(events=True))
    assert [each.message for each in Draft202012Validator(schema).iter_errors(written)] == []
    assert written["event"] == NAMES[type(event)]
    described = schema["$defs"][written["event"]]
    assert set(written) == set(described["properties"]) == set(described["required"])


def test_the_schema_knows_every_event_and_no_other() -> None:
    assert list(json.loads(schema_text(events=True))["$defs"]) == list(NAMES.values())
    assert {type(event) for event in EVENTS} == set(NAMES)


def test_a_line_is_written_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    JsonLines().show(Message("two\nlines", "h1"))
    assert capsys.readouterr().out == (
        '{"version": 1, "event": "said", "text": "two\\nlines", "host": "h1", "level": "info"}\n'
    )


@pytest.mark.parametrize("event", [Heading("App Host: h1"), StepProgress("Boot", 1, 2)])
def test_what_is_for_people_alone(event: Event, capsys: pytest.CaptureFixture[str]) -> None:
    JsonLines().show(event)
    assert capsys.readouterr().out == ""


def test_the_schema_can_be_had(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", "--events"]) == 0
    assert capsys.readouterr().out == schema_text(events=True)
