"""A collector on this machine hears what a run does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

import kamalpy
from kamalpy.cli.events import (
    CommandRan,
    Event,
    Level,
    Message,
    Printed,
    RunEnded,
    RunStarted,
    Status,
    StepEnded,
    StepStarted,
)
from kamalpy.cli.otel import BATCH, Otel


@dataclass
class Collector:
    """What has been posted where."""

    endpoint: str = ""
    status: int = 200
    posts: list[tuple[str, str, Any]] = field(default_factory=list)

    def resources(self) -> list[dict[str, Any]]:
        return [plain(post["resourceLogs"][0]["resource"]["attributes"]) for *_, post in self.posts]

    def records(self) -> list[dict[str, Any]]:
        """Give each record as body, severity, event and attributes."""
        return [
            {
                "body": record["body"]["stringValue"],
                "severity": record["severityText"],
                **({"event": record["eventName"]} if "eventName" in record else {}),
                **plain(record.get("attributes", [])),
            }
            for *_, post in self.posts
            for logs in post["resourceLogs"][0]["scopeLogs"]
            for record in logs["logRecords"]
        ]


def plain(attributes: Any) -> dict[str, Any]:
    return {each["key"]: next(iter(each["value"].values())) for each in attributes}


@pytest.fixture
def collector() -> Iterator[Collector]:
    received = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.posts.append((self.path, self.headers["Content-Type"], json.loads(body)))
            self.send_response(received.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    received.endpoint = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield received
    server.shutdown()
    thread.join()
    server.server_close()


def send(collector: Collector, *events: Event, quiet: bool = False) -> Otel:
    otel = Otel(collector.endpoint, {"service.namespace": "blog"}, "blog", quiet)
    for event in events:
        otel.show(event)
    otel.close()
    return otel


def test_a_deploy(collector: Collector, capsys: pytest.CaptureFixture[str]) -> None:
    otel = send(
        collector,
        RunStarted("deploy", ("h1",)),
        StepStarted("Boot v2"),
        CommandRan("h1", "boot.sh blog", True, 1.0, ("booted",)),
        StepEnded("Boot v2", "h1", Status.CHANGED, 1.0, ("healthy",)),
        Message("beware", "h1", Level.WARNING),
        RunEnded("deploy", 0, 2.5),
    )

    (path, kind, _) = collector.posts[0]
    assert (path, kind) == ("/v1/logs", "application/json")
    assert collector.resources() == [
        {
            "service.name": "kamal",
            "service.version": kamalpy.__version__,
            "kamal.run_id": otel.run,
            "service.namespace": "blog",
        }
    ]
    deployment = {
        "kamal.command": "deploy",
        "deployment.id": otel.run,
        "deployment.name": "deploy blog",
    }
    host = {"server.address": "h1"}
    assert collector.records() == [
        {"body": "kamal.start", "severity": "INFO", "event": "kamal.start", **deployment},
        {"body": "boot.sh blog", "severity": "DEBUG", **host},
        {"body": "booted", "severity": "DEBUG", **host, "log.iostream": "stdout"},
        {"body": "Boot v2: changed", "severity": "INFO", **host},
        {"body": "healthy", "severity": "INFO", **host},
        {"body": "beware", "severity": "WARN", **host},
        {
            "body": "kamal.complete",
            "severity": "INFO",
            "event": "kamal.complete",
            **deployment,
            "deployment.status": "succeeded",
            "kamal.runtime": 2.5,
        },
    ]
    assert capsys.readouterr() == ("", f"Log sent to {collector.endpoint}\n")


def test_another_command_fails(collector: Collector) -> None:
    send(
        collector,
        StepEnded("Stop", "h1", Status.FAILED, 1.0),
        Printed("v1", "h1", stream="stderr"),
        RunEnded("app stop", 4, 2.5, why=("Stop on h1", "h2")),
    )

    assert collector.records() == [
        {"body": "Stop: failed", "severity": "ERROR", "server.address": "h1"},
        {"body": "v1", "severity": "INFO", "server.address": "h1", "log.iostream": "stderr"},
        {
            "body": "kamal.failed",
            "severity": "ERROR",
            "event": "kamal.failed",
            "kamal.command": "app stop",
            "kamal.runtime": 2.5,
            "exception.type": "DeployError",
            "exception.message": "Stop on h1; h2",
        },
    ]


def test_many_records_are_sent_in_batches(collector: Collector) -> None:
    send(collector, *(Message(str(number)) for number in range(2 * BATCH + 1)), quiet=True)

    assert [each["body"] for each in collector.records()] == [str(n) for n in range(2 * BATCH + 1)]
    assert len(collector.posts) == 3


@pytest.mark.parametrize(
    ("endpoint", "status", "why"),
    [
        (None, 503, "HTTP 503 Service Unavailable"),
        ("http://127.0.0.1:1", 0, "ConnectionRefusedError: [Errno 111] Connection refused"),
        (
            "collector:4318",
            0,
            "ValueError: the endpoint is no URL; write one like http://collector:4318",
        ),
    ],
)
def test_a_failure_to_send_is_reported_once_and_stops_nothing(
    collector: Collector,
    capsys: pytest.CaptureFixture[str],
    endpoint: str | None,
    status: int,
    why: str,
) -> None:
    collector.status, collector.endpoint = status, endpoint or collector.endpoint

    send(collector, *(Message("x") for _ in range(2 * BATCH)))

    message = f"The log cannot be sent to {collector.endpoint}: {why}\n"
    assert capsys.readouterr() == ("", message)
