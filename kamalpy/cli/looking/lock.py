"""Who holds the deploy lock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timezone

from kamalpy.cli.engine import Engine
from kamalpy.cli.events import Printed
from kamalpy.cli.looking.fleet import Fleet
from kamalpy.cli.looking.reading import project_of
from kamalpy.commands.host import Host
from kamalpy.commands.lock import Lock
from kamalpy.deploys.plan import read
from kamalpy.spec.state import Lock as Held

_SINCE = re.compile(r"\bat (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)")
_LIVES = {
    "alive": "at work",
    "silent": "silent for two minutes; its connection hangs, or it does",
    "dead": "dead: the connection it took the lock by is gone",
    "unknown": "unknown: taken by hand, or by Kamal",
}


def tell(engine: Engine) -> int:
    """Tell who holds it, since when, whether they live, and how to take it if not."""
    config = engine.config
    with Fleet.reached(engine, engine.hosts) as fleet:
        of = project_of(fleet)
        ask = Host(lock=Lock(config.service, config.destination).folder)
        states = read({of.leader: ask})
        if of.leader not in states:
            return fleet.status or 1
        held = states[of.leader].lock
        lines = (
            ["There is no deploy lock"] if held is None else _told(held, of.typed("lock release"))
        )
        for line in lines:
            engine.output.show(Printed(line, of.leader))
        return fleet.status


def age(seconds: float) -> str:
    """Say how long ago something was."""
    amount, unit = seconds, "second"
    for size, name in ((60, "minute"), (60, "hour"), (24, "day")):
        if amount < size:
            break
        amount, unit = amount / size, name
    return f"{amount:.0f} {unit}{'' if round(amount) == 1 else 's'}"


def _told(held: Held, remedy: str) -> Iterator[str]:
    yield from (line for line in held.details.splitlines() if line.strip())
    since = _SINCE.search(held.details)
    if since:
        at = datetime.strptime(since[1], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
        yield f"Age: {age(max((datetime.now(timezone.utc) - at).total_seconds(), 0))}"
    yield f"Owner: {_LIVES.get(held.owner, held.owner)}"
    if held.owner != "alive":
        yield f"If nobody deploys any more, take it: {remedy}"
