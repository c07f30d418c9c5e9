"""What servers answer to ``kamalpy doctor``; one that cannot be reached is a problem of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from kamalpy.cli.engine import Engine
from kamalpy.cli.events import Event, Level, Message
from kamalpy.cli.queries.fleet import Fleet, Query
from kamalpy.cli.settings import Settings
from kamalpy.commands.doctor import doctor
from kamalpy.config import Configuration
from kamalpy.doctor.finding import Finding, problem
from kamalpy.doctor.server import Server, check
from kamalpy.errors import KamalpyError, UnreachableError


@dataclass
class _Refusals:
    """Keeps why servers cannot be reached."""

    reasons: dict[str, str] = field(default_factory=dict)

    def show(self, event: Event) -> None:
        if isinstance(event, Message) and event.level is Level.ERROR and event.host:
            self.reasons.setdefault(event.host, event.text)

    def close(self) -> None:
        """Nothing is left to be done."""


def servers(options: Settings) -> Iterator[Finding]:
    """Check all servers in play at the same time; findings come in their order."""
    refusals = _Refusals()
    engine = Engine(options, refusals)
    found: dict[str, list[Finding]] = {}
    try:
        with Fleet.reached(engine, engine.hosts) as fleet:
            config = engine.config
            command = doctor(config.service, config.destination, _image(config))
            queries = [Query(host, command) for host in engine.hosts]
            for host, lines in fleet.answers(queries):
                server = Server.read(host, lines)
                found[server.host] = list(check(server, config, time.time()))
    except UnreachableError:
        pass
    for host in engine.hosts:
        yield from found.get(host) or [_refused(host, refusals.reasons.get(host, ""))]


def _image(config: Configuration) -> str:
    try:
        return config.absolute_image
    except KamalpyError:  # no version is known yet
        return ""


def _refused(host: str, reason: str) -> Finding:
    what, _, how = reason.removeprefix("ssh: ").partition("; ")
    return problem(host, what or "cannot be reached", how or f"try ssh {host}")
