"""``exec``: run a command in containers or on hosts, and return its exit status."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kamalpy.cli.engine import Engine
from kamalpy.cli.events import Message
from kamalpy.cli.queries import fleet as servers
from kamalpy.cli.queries import lists, locations
from kamalpy.cli.queries.fleet import Fleet, Query, unconnected
from kamalpy.cli.queries.locations import Location
from kamalpy.commands.audit import log_file
from kamalpy.commands.execution import Execution, How
from kamalpy.config import Accessory, Role
from kamalpy.connectors.git_identity import performer
from kamalpy.connectors.run_secrets import secrets_of
from kamalpy.connectors.terminal import Terminal
from kamalpy.errors import DeployError, UnreachableError
from kamalpy.operations import valid
from kamalpy.operations.sections import log_section
from kamalpy.spec.container import ContainerSpec

SSH_FAILED = 255
"""The status of ssh itself when there is no connection."""


@dataclass(frozen=True)
class Request:
    """A command, and how to run it."""

    words: Sequence[str]
    interactive: bool = False
    reuse: bool = False
    detach: bool = False
    raw: bool = False
    env: Mapping[str, str] = field(default_factory=dict)

    @property
    def how(self) -> How:
        """How it is connected: to this terminal if there is one, else to standard input."""
        if self.detach:
            return How.DETACHED
        if not self.interactive:
            return How.ALONE
        return How.TERMINAL if sys.stdin.isatty() else How.INPUT


def in_app(engine: Engine, **how: Any) -> int:
    """Run a command in the roles in play; a terminal is connected to the first."""
    request = Request(**how)
    found = locations.app_locations(engine, engine.settings.version)
    queries = [_in(engine, request, each, lists.heading(each, found)) for each in found]
    return _run(engine, request, queries)


def in_accessory(engine: Engine, accessory: str, **how: Any) -> int:
    """Run a command in an accessory, or in all of them."""
    request = Request(**how)
    found = locations.accessory_locations(engine, accessory)
    queries = [_in(engine, request, each, lists.accessory_heading(each)) for each in found]
    return _run(engine, request, queries)


def on_servers(engine: Engine, **how: Any) -> int:
    """Run a command in the shell of the hosts in play; a terminal is connected to the first."""
    request = Request(**how)
    execution = _execution(engine, request)
    queries = [Query(host, execution.on_host(host), f"App Host: {host}") for host in engine.hosts]
    return _run(engine, request, queries)


def _in(engine: Engine, request: Request, location: Location, heading: str) -> Query:
    execution = _execution(engine, request)
    if request.reuse:
        command = execution.inside(location.where)
    else:
        command = execution.beside(location.where, _options(location.section))
    return Query(location.host, command, heading, location.name)


def _execution(engine: Engine, request: Request) -> Execution:
    config = engine.config
    log = log_file(config.service, config.destination)
    return Execution(request.words, request.env, request.how, log, performer(), config.destination)


def _options(section: Role | Accessory) -> ContainerSpec:
    """Describe what a new container takes from deploy.yml: logging, and further options."""
    log = log_section(section.logging)
    options = {name: str(value) for name, value in log.options.items()}
    flags = valid.flags(section.options or {})
    return ContainerSpec(
        name="", image="", log_driver=log.driver, log_options=options, options=flags
    )


def _run(engine: Engine, request: Request, queries: Sequence[Query]) -> int:
    if not queries:
        raise DeployError("no server is selected: see -h, -r and -p, and servers in deploy.yml")
    words = " ".join(request.words)
    if engine.settings.dry:
        for each in queries[:1] if request.interactive else queries:
            engine.output.show(Message(f"would run {words}", each.host))
        return 0
    if request.interactive:
        return _terminal(engine, request, queries)
    with Fleet.reached(engine, servers.hosts_of(engine, queries)) as fleet:
        return servers.copy(fleet, queries) if request.raw else servers.show(fleet, queries)


def _terminal(engine: Engine, request: Request, queries: Sequence[Query]) -> int:
    """Connect the terminal to the first one."""
    first = queries[0]
    if len(queries) > 1:
        role = f", {first.source}" if first.source else ""
        note = f"runs here only{role}; select another with -h and -r"
        engine.output.show(Message(note, first.host))
    with unconnected(engine, [first.host]):
        timeout = engine.settings.connect_timeout
        terminal = Terminal(engine.config, secrets_of(engine.config), timeout)
        command = str(first.command.get_raw_value())
        status = terminal.run(first.host, command, tty=request.how is How.TERMINAL)
        if status == SSH_FAILED:
            raise UnreachableError(f"ssh to {first.host} failed")
        return status
