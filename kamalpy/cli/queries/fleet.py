"""
Commands on servers, all at the same time, over the connections that deploys use.

Their answers are printed host by host, always in the same order.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402
from collections import Counter, defaultdict  # noqa: E402
from collections.abc import Iterator, Sequence  # noqa: E402
from contextlib import contextmanager  # noqa: E402
from dataclasses import dataclass, field  # noqa: E402

import gevent  # noqa: E402
from pyinfra.api.command import StringCommand  # noqa: E402
from pyinfra.api.state import State  # noqa: E402
from pyinfra.context import ctx_host, ctx_state  # noqa: E402

from kamalpy._pyinfra import run_object  # noqa: E402
from kamalpy.cli.engine import Engine  # noqa: E402
from kamalpy.cli.events import Exit, Heading, Level, Message, Printed  # noqa: E402
from kamalpy.cli.output import printer  # noqa: E402
from kamalpy.cli.settings import Settings  # noqa: E402
from kamalpy.connectors.hooks import PreConnect  # noqa: E402
from kamalpy.connectors.run_secrets import mask_static  # noqa: E402
from kamalpy.connectors.stream import ERR, OUT, Stream  # noqa: E402
from kamalpy.deploys.project import Project, project  # noqa: E402
from kamalpy.deploys.run import this_run  # noqa: E402
from kamalpy.errors import DeployError, UnreachableError  # noqa: E402

LIMIT = 8
"""Commands per host at the same time: its sshd allows ten."""


@dataclass(frozen=True)
class Query:
    """A command for a host; ``heading`` precedes its answer, ``source`` names what answers."""

    host: str
    command: StringCommand
    heading: str = ""
    source: str | None = None


@dataclass
class Fleet:
    """Connected servers."""

    engine: Engine
    state: State
    streams: list[Stream] = field(default_factory=list)

    @classmethod
    @contextmanager
    def reached(cls, engine: Engine, hosts: Sequence[str]) -> Iterator[Fleet]:
        """Connect to some hosts; one that cannot be reached is reported and left out."""
        if not hosts:
            raise DeployError("no server is selected: see -h, -r and -p, and servers in deploy.yml")
        with engine.connected(hosts) as state:
            fleet = cls(engine, state)
            try:
                mask_static(engine.config)
                yield fleet
            finally:
                for stream in fleet.streams:
                    stream.close()
                engine.output.close()

    @property
    def status(self) -> int:
        """The exit status as far as connections decide it."""
        missing = len(self.state.inventory) - len(self.state.activated_hosts)
        return Exit.UNREACHABLE if missing else Exit.OK

    def project(self) -> Project:
        """Read the project that deploys of these servers use."""
        first = next(iter(self.state.activated_hosts), None)
        if first is None:
            raise UnreachableError("no server can be reached")
        with ctx_host.use(first):
            return project(this_run(), roles=self.engine.roles)

    def stream(self, query: Query) -> Stream:
        """Start a query, and return its output as it comes."""
        stream = Stream.of(self.state.inventory.get_host(query.host), query.command)
        self.streams.append(stream)
        return stream

    def reachable(self, queries: Sequence[Query]) -> list[Query]:
        """Leave out queries for hosts that cannot be reached."""
        active = {host.name for host in self.state.activated_hosts}
        return [query for query in queries if query.host in active]

    def answers(self, queries: Sequence[Query]) -> Iterator[tuple[str, list[str]]]:
        """Run all queries at once; return each host with its lines, in the order of the queries."""
        reachable = self.reachable(queries)
        for query, answer in [(each, gevent.spawn(self._lines, each)) for each in reachable]:
            yield query.host, answer.get()

    def _lines(self, query: Query) -> list[str]:
        return [line.text for line in self.stream(query).lines()]


@contextmanager
def unconnected(engine: Engine, hosts: Sequence[str]) -> Iterator[None]:
    """Prepare hosts that another program will connect to: mask secrets, run pre-connect hooks."""
    state = engine.unconnected(hosts)
    with ctx_state.use(state):
        mask_static(engine.config)
        run_object(PreConnect).call(engine.config)
        yield


def new_engine(settings: Settings) -> Engine:
    """Make the engine of a command that changes nothing."""
    return Engine(settings, printer(settings))


def show_list(engine: Engine, queries: Sequence[Query]) -> int:
    """Print the answers of servers; the exit status is 1 if any of them has failed."""
    with Fleet.reached(engine, hosts_of(engine, queries)) as fleet:
        status = show(fleet, queries)
    return status if status in (Exit.OK, Exit.UNREACHABLE) else Exit.ERROR


def show(fleet: Fleet, queries: Sequence[Query]) -> int:
    """Run all queries at once; print each answer in its turn, as it comes."""
    statuses: list[int] = []
    for part in _parts(fleet.reachable(queries)):
        streams = [fleet.stream(each) for each in part]
        statuses += [_show(fleet, *pair) for pair in zip(part, streams, strict=True)]
    return next(filter(None, statuses), fleet.status)


def copy(fleet: Fleet, queries: Sequence[Query]) -> int:
    """Run all queries at once, and copy their output byte for byte, one after the other."""
    statuses: list[int] = []
    files = {OUT: sys.stdout.buffer, ERR: sys.stderr.buffer}
    for part in _parts(fleet.reachable(queries)):
        for stream in [fleet.stream(each) for each in part]:
            for chunk in stream.chunks():
                files[chunk.name].write(chunk.data)
                files[chunk.name].flush()
            statuses.append(stream.status())
    return next(filter(None, statuses), fleet.status)


def hosts_of(engine: Engine, queries: Sequence[Query]) -> list[str]:
    """List the hosts of the queries, in their usual order."""
    queried = {each.host for each in queries}
    return [host for host in engine.hosts if host in queried]


def _show(fleet: Fleet, query: Query, stream: Stream) -> int:
    output = fleet.engine.output
    if query.heading:
        output.show(Heading(query.heading))
    for line in stream.lines():
        output.show(Printed(line.text, query.host, query.source, line.name))
    status = stream.status()
    if status:
        output.show(Message(f"exit status {status}", query.host, Level.ERROR))
    if query.heading:
        output.show(Heading(""))
    return status


def _parts(queries: Sequence[Query]) -> Iterator[list[Query]]:
    """Divide queries so that no host runs more than LIMIT of them at once."""
    parts: defaultdict[int, list[Query]] = defaultdict(list)
    counts: Counter[str] = Counter()
    for each in queries:
        parts[counts[each.host] // LIMIT].append(each)
        counts[each.host] += 1
    yield from parts.values()
