"""Asking servers, and telling what they say host by host, always in the same order."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import groupby

from kamalpy.cli.engine import Engine
from kamalpy.cli.events import Headed, Level, Printed, Said
from kamalpy.cli.looking.fleet import Ask, Fleet
from kamalpy.connectors.stream import ERR, OUT, Stream

AT_ONCE = 8
"""So many commands a host at the same time: its sshd allows ten."""


def ask(engine: Engine, asks: Sequence[Ask]) -> int:
    """Connect to whoever is to be asked, ask, and tell; the first status that is not 0 counts."""
    with Fleet.reached(engine, hosts_of(engine, asks)) as fleet:
        return tell(fleet, asks)


def tell(fleet: Fleet, asks: Sequence[Ask]) -> int:
    """Ask all at once; an answer is told as it comes when it is its turn, and kept until then."""
    statuses: list[int] = []
    for part in _parts(fleet.reachable(asks)):
        streams = [fleet.stream(each) for each in part]
        statuses += [_told(fleet, *pair) for pair in zip(part, streams, strict=True)]
    return next(filter(None, statuses), fleet.status)


def copy(fleet: Fleet, asks: Sequence[Ask]) -> int:
    """Ask all at once, and copy what they say byte for byte, one after the other."""
    statuses: list[int] = []
    files = {OUT: sys.stdout.buffer, ERR: sys.stderr.buffer}
    for part in _parts(fleet.reachable(asks)):
        for stream in [fleet.stream(each) for each in part]:
            for chunk in stream.chunks():
                files[chunk.name].write(chunk.data)
                files[chunk.name].flush()
            statuses.append(stream.status())
    return next(filter(None, statuses), fleet.status)


def hosts_of(engine: Engine, asks: Sequence[Ask]) -> list[str]:
    """List the hosts that are asked, in their usual order."""
    asked = {each.host for each in asks}
    return [host for host in engine.hosts if host in asked]


def _told(fleet: Fleet, of: Ask, stream: Stream) -> int:
    output = fleet.engine.output
    if of.heading:
        output.show(Headed(of.heading))
    for line in stream.lines():
        output.show(Printed(line.text, of.host, of.source, line.name))
    status = stream.status()
    if status:
        output.show(Said(f"exit status {status}", of.host, Level.ERROR))
    if of.heading:
        output.show(Headed(""))
    return status


def _parts(asks: Sequence[Ask]) -> Iterator[list[Ask]]:
    """Divide what is asked so that no host has too much at once."""
    seen: dict[str, int] = {}
    numbered: list[tuple[int, Ask]] = []
    for each in asks:
        before = seen.setdefault(each.host, 0)
        seen[each.host] += 1
        numbered.append((before // AT_ONCE, each))
    numbered.sort(key=lambda pair: pair[0])
    for _, part in groupby(numbered, key=lambda pair: pair[0]):
        yield [each for _, each in part]
