"""Log lines of several containers, put into one order, as they come or all at once."""

from __future__ import annotations

import heapq
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter

import gevent
from gevent.queue import Empty, Queue

from kamalpy.cli import terminals
from kamalpy.cli.engine import Engine
from kamalpy.cli.events import Level, Printed, Said
from kamalpy.cli.log_options import LogOptions
from kamalpy.cli.looking import asking
from kamalpy.cli.looking.fleet import Ask, Fleet
from kamalpy.cli.status import Exit
from kamalpy.cli.terminals import styled
from kamalpy.commands.execution import Where
from kamalpy.commands.logs import NOTHING, Logs
from kamalpy.connectors.stream import Stream
from kamalpy.errors import DeployError

_COLORS = ("cyan", "yellow", "green", "magenta", "blue", "bright_red")
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) (.*)", re.DOTALL)
_PAUSE = 0.1
"""Lines that come within so many seconds are put into the order of their times."""


@dataclass(frozen=True)
class Source:
    """A container on a host, and what stands before its lines."""

    host: str
    where: Where
    name: str | None = None
    prefix: str = ""


@dataclass(frozen=True)
class Entry:
    """A line; one without a time is taken to be of the time of the one before."""

    source: Source
    text: str
    time: str = ""
    known: str | None = None


def show(engine: Engine, asked: LogOptions, sources: Sequence[Source]) -> int:
    """Show the lines of all of them in the order of their times."""
    logs = Logs(
        asked.since,
        None if asked.tail is None else str(asked.tail),
        asked.grep,
        asked.grep_options,
        asked.follow,
        asked.has_times,
    )
    named = _prefixed(engine, sources)
    asks = [Ask(each.host, logs.of(each.where), source=each.name) for each in named]
    _limit(asks)
    with Fleet.reached(engine, asking.hosts_of(engine, asks)) as fleet:
        reached = {each.host for each in fleet.reachable(asks)}
        pairs = [
            (source, fleet.stream(ask))
            for source, ask in zip(named, asks, strict=True)
            if source.host in reached
        ]
        if asked.follow:
            return _Following(engine, asked).run(pairs)
        for entry in heapq.merge(*(entries(*pair) for pair in pairs), key=attrgetter("time")):
            _tell(engine, asked, entry)
        return _ended(engine, pairs) or fleet.status


def entries(source: Source, stream: Stream) -> Iterator[Entry]:
    """Read lines with their times, which never go back."""
    last = ""
    for line in stream.lines():
        found = _TIME.fullmatch(line.text)
        last = max(last, found[1]) if found else last
        yield Entry(source, found[2] if found else line.text, last, found[1] if found else None)


@dataclass(frozen=True)
class _Following:
    engine: Engine
    asked: LogOptions

    def run(self, pairs: Sequence[tuple[Source, Stream]]) -> int:
        """Show what comes until all have ended, or somebody presses Ctrl-C."""
        queue: Queue = Queue()
        readers = [gevent.spawn(self._read, queue, *pair) for pair in pairs]
        try:
            while not all(each.ready() for each in readers) or not queue.empty():
                for entry in sorted(_come(queue), key=attrgetter("time")):
                    _tell(self.engine, self.asked, entry)
        except KeyboardInterrupt:
            return Exit.INTERRUPTED
        return _status([stream.status() for _, stream in pairs])

    def _read(self, queue: Queue, source: Source, stream: Stream) -> None:
        for entry in entries(source, stream):
            queue.put(entry)
        stopped = Said("its container has stopped", source.host, Level.WARNING)
        self.engine.output.show(_end(source, stream.status()) or stopped)


def _come(queue: Queue) -> list[Entry]:
    """Wait for an entry, and a moment for what belongs before it."""
    try:
        first = queue.get(timeout=0.5)
    except Empty:
        return []
    gevent.sleep(_PAUSE)
    return [first, *(queue.get_nowait() for _ in range(queue.qsize()))]


def _tell(engine: Engine, asked: LogOptions, entry: Entry) -> None:
    source, text = entry.source, entry.text
    if engine.settings.json:
        engine.output.show(Printed(text, source.host, source.name, time=entry.known))
        return
    time = f"{entry.known} " if entry.known and not asked.skip_timestamps else ""
    engine.output.show(Printed(f"{source.prefix}{time}{text}", source.host, source.name))


def _ended(engine: Engine, pairs: Sequence[tuple[Source, Stream]]) -> int:
    """Tell who has nothing, if it ought to have something, and what has gone wrong."""
    statuses = [stream.status() for _, stream in pairs]
    for (source, _), status in zip(pairs, statuses, strict=True):
        said = _end(source, status)
        if said and (source.name or status != NOTHING or set(statuses) == {NOTHING}):
            engine.output.show(said)
    return _status(statuses)


def _end(source: Source, status: int) -> Said | None:
    if status == NOTHING:
        name = source.where.container or source.where.prefix
        return Said(f"{name} does not run here", source.host, Level.WARNING)
    return Said(f"exit status {status}", source.host, Level.ERROR) if status else None


def _status(statuses: Sequence[int]) -> int:
    if statuses and set(statuses) == {NOTHING}:
        return Exit.ERROR
    return next((each for each in statuses if each not in (0, NOTHING)), Exit.OK)


def _limit(asks: Sequence[Ask]) -> None:
    counts = Counter(each.host for each in asks)
    host, count = max(counts.items(), key=itemgetter(1), default=("", 0))
    if count > asking.AT_ONCE:
        raise DeployError(
            f"{host}: {count} logs at the same time are more than its SSH server allows; ask for "
            f"{asking.AT_ONCE}, with -r, or an accessory by its name"
        )


def _prefixed(engine: Engine, sources: Sequence[Source]) -> list[Source]:
    """Put host, and name if there are several, before lines that come from more than one."""
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
