"""``proxy details`` and other commands that change nothing."""

from __future__ import annotations

from kamalpy.cli.log_options import LogOptions, log_options
from kamalpy.cli.settings import settings
from kamalpy.cli.tree import command


@command()
def details() -> int:
    """Show the proxy's container."""
    from kamalpy.cli.looking import asking, fleet, lists

    engine = fleet.engine_of(settings())
    return asking.ask(engine, lists.proxy(engine))


@command()
@log_options
def logs(asked: LogOptions) -> int:
    """Show the proxy's log lines, of all servers in the order of their times."""
    from kamalpy.cli.looking import fleet, log_sources
    from kamalpy.cli.looking.logs import show

    engine = fleet.engine_of(settings())
    return show(engine, asked, log_sources.proxy(engine))
