"""``audit``: who has done what to the servers."""

from __future__ import annotations

import click

from kamalpy.cli.settings import settings
from kamalpy.cli.tree import command


@command()
@click.option("-n", "--lines", type=click.IntRange(1), default=50, help="So many lines [50]")
def audit(lines: int) -> int:
    """Show the last lines of the audit log of each server."""
    from kamalpy.cli.looking import asking, fleet, lists

    engine = fleet.engine_of(settings())
    return asking.ask(engine, lists.audit(engine, lines))
