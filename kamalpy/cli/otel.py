"""Send events to an OpenTelemetry collector: OTLP over HTTP, as JSON."""

from __future__ import annotations

import http.client
import json
import queue
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import click

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
)
from kamalpy.config import Configuration
from kamalpy.connectors.git_identity import performer
from kamalpy.connectors.hooks import version_of

BATCH = 100
PAUSE = 5.0
DEPLOYS = ("deploy", "redeploy", "rollback", "setup")
_SEVERITIES = {"DEBUG": 5, "INFO": 9, "WARN": 13, "ERROR": 17}
_SEVERITY_OF = {Level.INFO: "INFO", Level.WARNING: "WARN", Level.ERROR: "ERROR"}
Record = dict[str, Any]


def otel(config: Configuration, quiet: bool) -> Otel | None:
    """Start to send records if deploy.yml names a collector."""
    endpoint = config.output.otel.endpoint if config.output and config.output.otel else None
    if endpoint is None:
        return None
    resource = {
        "service.namespace": config.service,
        "kamal.deploy_version": version_of(config),
        "kamal.performer": performer(),
        "deployment.environment.name": config.destination or "",
    }
    filled = {name: value for name, value in resource.items() if value}
    return Otel(endpoint, filled, config.service, quiet)


@dataclass
class Otel:
    """Sends records in the background; a failure is reported once and stops nothing."""

    endpoint: str
    resource: Mapping[str, str]
    service: str
    quiet: bool = False
    run: str = field(default_factory=lambda: str(uuid4()))

    def __post_init__(self) -> None:
        self._records: queue.Queue[Record | None] = queue.Queue()
        self._has_failed = False
        self._thread = threading.Thread(target=self._send_all, daemon=True)
        self._thread.start()

    def show(self, event: Event) -> None:
        """Queue the records of an event."""
        if isinstance(event, RunStarted):
            self._records.put(record("kamal.start", self._command(event.command), is_event=True))
        elif isinstance(event, RunEnded):
            self._records.put(self._end(event))
        else:
            for severity, text, host, stream in _lines(event):
                attributes = {"server.address": host, "log.iostream": stream}
                self._records.put(record(text, attributes, severity))

    def close(self) -> None:
        """Send the remaining records."""
        self._records.put(None)
        self._thread.join(PAUSE + 3)
        if not self._has_failed and not self.quiet:
            click.echo(f"Log sent to {self.endpoint}", err=True)

    def _end(self, event: RunEnded) -> Record:
        succeeded = event.status == 0
        attributes = self._command(event.command, "succeeded" if succeeded else "failed")
        attributes["kamal.runtime"] = event.seconds
        if succeeded:
            return record("kamal.complete", attributes, is_event=True)
        attributes["exception.type"] = "DeployError"
        attributes["exception.message"] = "; ".join(event.why) or f"status {event.status}"
        return record("kamal.failed", attributes, "ERROR", is_event=True)

    def _command(self, command: str, status: str | None = None) -> dict[str, object]:
        if command not in DEPLOYS:
            return {"kamal.command": command}
        return {
            "kamal.command": command,
            "deployment.id": self.run,
            "deployment.name": f"{command} {self.service}",
            "deployment.status": status,
        }

    def _send_all(self) -> None:
        is_open = True
        while is_open:
            records: list[Record | None] = []
            deadline = time.monotonic() + PAUSE
            with suppress(queue.Empty):
                while is_open and len(records) < BATCH:
                    pause = max(deadline - time.monotonic(), 0.01)
                    records.append(self._records.get(timeout=pause))
                    is_open = records[-1] is not None
            if found := [each for each in records if each is not None]:
                self._send(found)

    def _send(self, records: Sequence[Record]) -> None:
        try:
            problem = post(f"{self.endpoint.rstrip('/')}/v1/logs", self._payload(records))
        except (OSError, http.client.HTTPException, ValueError) as error:
            problem = f"{type(error).__name__}: {error}"
        if problem and not self._has_failed:
            self._has_failed = True
            click.echo(f"The log cannot be sent to {self.endpoint}: {problem}", err=True)

    def _payload(self, records: Sequence[Record]) -> Mapping[str, Any]:
        resource = {
            "service.name": "kamal",
            "service.version": kamalpy.__version__,
            "kamal.run_id": self.run,
            **self.resource,
        }
        scope = {"name": "kamalpy", "version": kamalpy.__version__}
        logs = [{"scope": scope, "logRecords": list(records)}]
        return {
            "resourceLogs": [{"resource": {"attributes": _attributes(resource)}, "scopeLogs": logs}]
        }


def record(
    body: str,
    attributes: Mapping[str, object],
    severity: str = "INFO",
    is_event: bool = False,
) -> Record:
    """Make a log record of now; attributes without a value are left out."""
    now = str(time.time_ns())
    listed = _attributes(attributes)
    return {
        "timeUnixNano": now,
        "observedTimeUnixNano": now,
        "severityNumber": _SEVERITIES[severity],
        "severityText": severity,
        "body": {"stringValue": body},
        **({"eventName": body} if is_event else {}),
        **({"attributes": listed} if listed else {}),
    }


def post(url: str, payload: Mapping[str, Any]) -> str:
    """Send JSON; return the error of the server, or nothing."""
    parts = urlsplit(url)
    kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
    if parts.scheme not in kinds or not parts.hostname:
        raise ValueError("the endpoint is no URL; write one like http://collector:4318")
    connection = kinds[parts.scheme](parts.hostname, parts.port, timeout=5)
    try:
        head = {"Content-Type": "application/json"}
        connection.request("POST", parts.path, json.dumps(payload), head)
        answer = connection.getresponse()
        answer.read()
        return "" if answer.status < 300 else f"HTTP {answer.status} {answer.reason}"
    finally:
        connection.close()


def _lines(event: Event) -> Iterator[tuple[str, str, str | None, str | None]]:
    """Return severity, text, host and stream of each line of an event."""
    if isinstance(event, StepEnded):
        severity = "ERROR" if event.status is Status.FAILED else "INFO"
        yield severity, f"{event.step}: {event.status.value}", event.host, None
        yield from ((severity, each, event.host, None) for each in event.said)
    elif isinstance(event, CommandRan):
        yield "DEBUG", event.command, event.host, None
        yield from (("DEBUG", each, event.host, "stdout") for each in event.wrote)
    elif isinstance(event, Message):
        yield _SEVERITY_OF[event.level], event.text, event.host, None
    elif isinstance(event, Printed):
        yield "INFO", event.text, event.host, event.stream


def _attributes(values: Mapping[str, object]) -> list[dict[str, object]]:
    return [
        {"key": name, "value": _typed(value)} for name, value in values.items() if value is not None
    ]


def _typed(value: object) -> dict[str, object]:
    if isinstance(value, float):
        return {"doubleValue": value}
    return {"intValue": value} if isinstance(value, int) else {"stringValue": str(value)}
