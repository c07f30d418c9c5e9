"""Who holds the deploy lock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone

from kamalpy.cli.engine import Engine
from kamalpy.cli.events import Printed
from kamalpy.cli.lock_report import told
from kamalpy.cli.looking.fleet import Fleet
from kamalpy.cli.looking.reading import project_of
from kamalpy.commands.lock import Lock
from kamalpy.commands.state_query import StateQuery
from kamalpy.deploys.plan import read


def tell(engine: Engine) -> int:
    """Tell who holds it, since when, whether they live, and how to take it if not."""
    config = engine.config
    with Fleet.reached(engine, engine.hosts) as fleet:
        of = project_of(fleet)
        ask = StateQuery(lock=Lock(config.service, config.destination).folder)
        for host, state in read({of.leader: ask}).items():
            lines: Iterable[str] = ["There is no deploy lock"]
            if state.lock is not None:
                lines = told(state.lock, datetime.now(timezone.utc), of.typed("lock release"))
            for line in lines:
                engine.output.show(Printed(line, host))
        return fleet.status
