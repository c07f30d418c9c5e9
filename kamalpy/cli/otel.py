"""Send events to an OpenTelemetry collector: OTLP over HTTP, as JSON."""

from __future__ import annotations

import http.client
import json
import queue
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import click

import kamalpy
from kamalpy.cli.events import Begins, Ends, Event, Level, Printed, Ran, Said, Status, StepEnds
from kamalpy.config import Configuration
from kamalpy.connectors.git_identity import performer
from kamalpy.connectors.hooks import version_of

BATCH = 100
PAUSE = 5.0
DEPLOYS = ("deploy", "redeploy", "rollback", "setup")
_SEVERITIES = {
    "debug": {"severityNumber": 5, "severityText": "DEBUG"},
    "info": {"severityNumber": 9, "severityText": "INFO"},
    "warning": {"severityNumber": 13, "severityText": "WARN"},
    "error": {"severityNumber": 17, "severityText": "ERROR"},
}
_SEVERITY_OF = {Level.INFO: "info", Level.WARNING: "warning", Level.ERROR: "error"}
Record = dict[str, Any]


def otel(config: Configuration, quiet: bool) -> Otel | None:
    """Start to send records where deploy.yml names a collector."""
    endpoint = config.output.otel.endpoint if config.output and config.output.otel else None
    if endpoint is None:
        return None
    resource = {
        "service.namespace": config.service,
        "kamal.deploy_version": version_of(config),
        "kamal.performer": performer(),
        "deployment.environment.name": config.destination or "",
    }
    known = {name: value for name, value in resource.items() if value}
    return Otel(endpoint, known, config.service, quiet)


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
        self._thread = threading.Thread(target=self._ship_all, daemon=True)
        self._thread.start()

    def show(self, event: Event) -> None:
        """Queue the records of an event."""
        for record in self._of(event):
            self._records.put(record)

    def close(self) -> None:
        """Send the remaining records."""
        self._records.put(None)
        self._thread.join(PAUSE + 3)
        if not self._has_failed and not self.quiet:
            click.echo(f"Log sent to {self.endpoint}", err=True)

    def _of(self, event: Event) -> Iterator[Record]:
        if isinstance(event, Begins):
            yield record(
                "kamal.start", event="kamal.start", attributes=self._command(event.command)
            )
        elif isinstance(event, Ends):
            yield self._end(event)
        else:
            for severity, text, host, stream in _lines(event):
                place = {"server.address": host, "log.iostream": stream}
                known = {name: value for name, value in place.items() if value is not None}
                yield record(text, severity, attributes=known)

    def _end(self, event: Ends) -> Record:
        went_well = event.status == 0
        name, severity = ("kamal.complete", "info") if went_well else ("kamal.failed", "error")
        status = "succeeded" if went_well else "failed"
        attributes = {**self._command(event.command, status), "kamal.runtime": event.seconds}
        if not went_well:
            attributes["exception.type"] = "DeployError"
            attributes["exception.message"] = "; ".join(event.why) or f"status {event.status}"
        return record(name, severity, event=name, attributes=attributes)

    def _command(self, command: str, status: str | None = None) -> dict[str, object]:
        attributes: dict[str, object] = {"kamal.command": command}
        if command in DEPLOYS:
            attributes["deployment.id"] = self.run
            attributes["deployment.name"] = f"{command} {self.service}"
            if status:
                attributes["deployment.status"] = status
        return attributes

    def _ship_all(self) -> None:
        ends = False
        while not ends:
            records: list[Record] = []
            deadline = time.monotonic() + PAUSE
            while len(records) < BATCH and not ends:
                try:
                    found = self._records.get(timeout=max(deadline - time.monotonic(), 0.01))
                except queue.Empty:
                    break
                ends = found is None
                records += [] if found is None else [found]
            if records:
                self._ship(records)

    def _ship(self, records: Sequence[Record]) -> None:
        try:
            said = post(f"{self.endpoint.rstrip('/')}/v1/logs", self._payload(records))
        except (OSError, http.client.HTTPException, ValueError) as error:
            said = f"{type(error).__name__}: {error}"
        if said and not self._has_failed:
            self._has_failed = True
            click.echo(f"The log cannot be sent to {self.endpoint}: {said}", err=True)

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
    severity: str = "info",
    event: str | None = None,
    attributes: Mapping[str, object] | None = None,
) -> Record:
    """Make a log record of now."""
    now = str(time.time_ns())
    made = {
        "timeUnixNano": now,
        "observedTimeUnixNano": now,
        **_SEVERITIES[severity],
        "body": {"stringValue": body},
    }
    named = {"eventName": event} if event else {}
    return {**made, **named, **({"attributes": _attributes(attributes)} if attributes else {})}


def post(url: str, payload: Mapping[str, Any]) -> str:
    """Send JSON; return what the other side has against it, or nothing."""
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
    """Take an event apart into lines: severity, text, host, stream."""
    if isinstance(event, StepEnds):
        severity = "error" if event.status is Status.FAILED else "info"
        yield severity, f"{event.step}: {event.status.value}", event.host, None
        yield from ((severity, each, event.host, None) for each in event.said)
    elif isinstance(event, Ran):
        yield "debug", event.command, event.host, None
        yield from (("debug", each, event.host, "stdout") for each in event.wrote)
    elif isinstance(event, Said):
        yield _SEVERITY_OF[event.level], event.text, event.host, None
    elif isinstance(event, Printed):
        yield "info", event.text, event.host, event.stream


def _attributes(values: Mapping[str, object]) -> list[dict[str, object]]:
    return [{"key": name, "value": _typed(value)} for name, value in values.items()]


def _typed(value: object) -> dict[str, object]:
    if isinstance(value, float):
        return {"doubleValue": value}
    return {"intValue": value} if isinstance(value, int) else {"stringValue": str(value)}
