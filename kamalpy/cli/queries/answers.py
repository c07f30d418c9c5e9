"""Queries on servers, and their answers printed host by host, always in the same order."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import groupby

from kamalpy.cli.engine import Engine
from kamalpy.cli.events import Headed, Level, Message, Printed
from kamalpy.cli.queries.fleet import Fleet, Query
from kamalpy.cli.status import Exit
from kamalpy.connectors.stream import ERR, OUT, Stream

LIMIT = 8
"""Commands per host at the same time: its sshd allows ten."""


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
        output.show(Headed(query.heading))
    for line in stream.lines():
        output.show(Printed(line.text, query.host, query.source, line.name))
    status = stream.status()
    if status:
        output.show(Message(f"exit status {status}", query.host, Level.ERROR))
    if query.heading:
        output.show(Headed(""))
    return status


def _parts(queries: Sequence[Query]) -> Iterator[list[Query]]:
    """Divide queries so that no host runs more than LIMIT of them at once."""
    seen: dict[str, int] = {}
    numbered: list[tuple[int, Query]] = []
    for each in queries:
        before = seen.setdefault(each.host, 0)
        seen[each.host] += 1
        numbered.append((before // LIMIT, each))
    numbered.sort(key=lambda pair: pair[0])
    for _, part in groupby(numbered, key=lambda pair: pair[0]):
        yield [each for _, each in part]
