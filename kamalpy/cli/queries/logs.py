"""Logs of several containers in one order, as they come or all at once."""

from __future__ import annotations

import heapq
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import Any

import gevent
from gevent.queue import Empty, Queue

from kamalpy.cli import terminals
from kamalpy.cli.engine import Engine
from kamalpy.cli.events import Exit, Level, Message, Printed
from kamalpy.cli.queries import locations
from kamalpy.cli.queries.fleet import LIMIT, Fleet, Query, hosts_of
from kamalpy.cli.terminals import styled
from kamalpy.commands.execution import Where
from kamalpy.commands.logs import NOTHING, Logs
from kamalpy.connectors.stream import Stream
from kamalpy.errors import DeployError

PROXY = "kamal-proxy"
MANY, FEW = 100, 10
_COLORS = ("cyan", "yellow", "green", "magenta", "blue", "bright_red")
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) (.*)", re.DOTALL)
_PAUSE = 0.1
"""Lines that come within this many seconds are ordered by time."""


@dataclass(frozen=True)
class Source:
    """A container on a host, and the prefix of its lines."""

    host: str
    where: Where
    name: str | None = None
    prefix: str = ""


@dataclass(frozen=True)
class Entry:
    """A line; one without a time has the time of the line before it."""

    source: Source
    text: str
    time: str = ""
    written: str | None = None


@dataclass(frozen=True)
class LogOptions:
    """Which lines to show, and how."""

    since: str | None = None
    lines: int | None = None
    grep: str | None = None
    grep_options: tuple[str, ...] = ()
    follow: bool = False
    skip_timestamps: bool = False

    @property
    def tail(self) -> int | None:
        """The number of last lines; None for all, where another option selects them."""
        if self.lines is not None or self.since is not None or self.grep is not None:
            return self.lines
        return FEW if self.follow else MANY

    @property
    def command(self) -> Logs:
        """The command that reads the lines; grep must not match times that are hidden."""
        tail = None if self.tail is None else str(self.tail)
        times = not self.skip_timestamps or self.grep is None
        return Logs(self.since, tail, self.grep, self.grep_options, self.follow, times)


def app(engine: Engine, container: str | None = None, **options: Any) -> int:
    """Show the logs of the serving container of each role, or of the one named."""
    return show(engine, LogOptions(**options), app_sources(engine, container))


def accessory(engine: Engine, accessory: str, **options: Any) -> int:
    """Show the logs of an accessory's container, or of those of all."""
    return show(engine, LogOptions(**options), accessory_sources(engine, accessory))


def proxy(engine: Engine, **options: Any) -> int:
    """Show the logs of the proxies' containers."""
    return show(engine, LogOptions(**options), proxy_sources(engine))


def app_sources(engine: Engine, container: str | None = None) -> list[Source]:
    """Return the serving container of each role, or the one named."""
    if container is not None:
        where = Where(container, container=container)
        return [Source(host, where) for host in locations.app_hosts(engine)]
    found = locations.app_locations(engine, engine.settings.version)
    return [Source(each.host, each.where, each.name) for each in found]


def accessory_sources(engine: Engine, accessory: str) -> list[Source]:
    """Return the container of an accessory, or those of all."""
    found = locations.accessory_locations(engine, accessory)
    return [Source(each.host, each.where, each.name) for each in found]


def proxy_sources(engine: Engine) -> list[Source]:
    """Return the proxies' containers."""
    where = Where(PROXY, container=PROXY)
    return [Source(host, where, "proxy") for host in locations.proxy_hosts(engine)]


def show(engine: Engine, options: LogOptions, sources: Sequence[Source]) -> int:
    """Show the lines of all containers, ordered by time."""
    logs, named = options.command, _prefixed(engine, sources)
    queries = [Query(each.host, logs.of(each.where), source=each.name) for each in named]
    _limit(queries)
    with Fleet.reached(engine, hosts_of(engine, queries)) as fleet:
        reached = {each.host for each in fleet.reachable(queries)}
        pairs = [
            (source, fleet.stream(query))
            for source, query in zip(named, queries, strict=True)
            if source.host in reached
        ]
        if options.follow:
            return _Following(engine, options).run(pairs)
        for entry in heapq.merge(*(entries(*pair) for pair in pairs), key=attrgetter("time")):
            _print(engine, options, entry)
        return _finish(engine, pairs) or fleet.status


def entries(source: Source, stream: Stream) -> Iterator[Entry]:
    """Read lines with their times, which never decrease."""
    last = ""
    for line in stream.lines():
        found = _TIME.fullmatch(line.text)
        last = max(last, found[1]) if found else last
        yield Entry(source, found[2] if found else line.text, last, found[1] if found else None)


@dataclass(frozen=True)
class _Following:
    engine: Engine
    options: LogOptions

    def run(self, pairs: Sequence[tuple[Source, Stream]]) -> int:
        """Show lines as they come, until all containers have stopped or Ctrl-C is pressed."""
        queue: Queue = Queue()
        readers = [gevent.spawn(self._read, queue, *pair) for pair in pairs]
        try:
            while not all(each.ready() for each in readers) or not queue.empty():
                for entry in sorted(_next_lines(queue), key=attrgetter("time")):
                    _print(self.engine, self.options, entry)
        except KeyboardInterrupt:
            return Exit.INTERRUPTED
        return _status([stream.status() for _, stream in pairs])

    def _read(self, queue: Queue, source: Source, stream: Stream) -> None:
        for entry in entries(source, stream):
            queue.put(entry)
        stopped = Message("its container has stopped", source.host, Level.WARNING)
        self.engine.output.show(_end(source, stream.status()) or stopped)


def _next_lines(queue: Queue) -> list[Entry]:
    """Wait for a line, and a moment for lines that belong before it."""
    try:
        first = queue.get(timeout=0.5)
    except Empty:
        return []
    gevent.sleep(_PAUSE)
    return [first, *(queue.get_nowait() for _ in range(queue.qsize()))]


def _print(engine: Engine, options: LogOptions, entry: Entry) -> None:
    source, text = entry.source, entry.text
    if engine.settings.json:
        engine.output.show(Printed(text, source.host, source.name, time=entry.written))
        return
    time = f"{entry.written} " if entry.written and not options.skip_timestamps else ""
    engine.output.show(Printed(f"{source.prefix}{time}{text}", source.host, source.name))


def _finish(engine: Engine, pairs: Sequence[tuple[Source, Stream]]) -> int:
    """Report containers that should have logs and have none, and failures."""
    statuses = [stream.status() for _, stream in pairs]
    for (source, _), status in zip(pairs, statuses, strict=True):
        message = _end(source, status)
        if message and (source.name or status != NOTHING or set(statuses) == {NOTHING}):
            engine.output.show(message)
    return _status(statuses)


def _end(source: Source, status: int) -> Message | None:
    if status == NOTHING:
        name = source.where.container or source.where.prefix
        return Message(f"{name} does not run here", source.host, Level.WARNING)
    return Message(f"exit status {status}", source.host, Level.ERROR) if status else None


def _status(statuses: Sequence[int]) -> int:
    is_nothing_running = bool(statuses) and set(statuses) == {NOTHING}
    return Exit.ERROR if is_nothing_running or set(statuses) - {0, NOTHING} else Exit.OK


def _limit(queries: Sequence[Query]) -> None:
    counts = Counter(each.host for each in queries)
    host, count = max(counts.items(), key=itemgetter(1), default=("", 0))
    if count > LIMIT:
        raise DeployError(
            f"{host}: {count} logs at the same time are more than its SSH server allows; ask for "
            f"{LIMIT}, with -r, or an accessory by its name"
        )


def _prefixed(engine: Engine, sources: Sequence[Source]) -> list[Source]:
    """Prefix lines with their host, and name if there are several, unless there is one source."""
    if len(sources) < 2:
        return list(sources)
    several = len({each.name for each in sources}) > 1
    labels = [f"{each.host} {each.name}" if several else each.host for each in sources]
    width = max(map(len, labels))
    colors = terminals.has_colors(sys.stdout, engine.settings)
    return [
        Source(
            each.host,
            each.where,
            each.name,
            styled(f"{label:{width}} | ", colors, fg=_COLORS[number % len(_COLORS)]),
        )
        for number, (each, label) in enumerate(zip(sources, labels, strict=True))
    ]
