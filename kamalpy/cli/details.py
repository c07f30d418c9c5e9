"""``details``: all containers at a glance."""

from __future__ import annotations

from kamalpy.cli.settings import settings
from kamalpy.cli.tree import command


@command()
def details() -> int:
    """Show all containers: the proxy's, the app's, those of accessories."""
    from kamalpy.cli.looking import asking, fleet, lists

    engine = fleet.engine_of(settings())
    return asking.ask(engine, lists.everything(engine))
