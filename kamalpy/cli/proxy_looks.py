"""``proxy details`` and other commands that change nothing."""

from __future__ import annotations

from kamalpy.cli.settings import settings
from kamalpy.cli.tree import command


@command()
def details() -> int:
    """Show the proxy's container."""
    from kamalpy.cli.looking import asking, fleet, lists

    engine = fleet.engine_of(settings())
    return asking.ask(engine, lists.proxy(engine))
