"""``app details`` and other commands that change nothing."""

from __future__ import annotations

from kamalpy.cli.settings import settings
from kamalpy.cli.tree import command


@command()
def details() -> int:
    """Show the app's containers that run, role by role."""
    from kamalpy.cli.looking import asking, fleet, lists

    engine = fleet.engine_of(settings())
    return asking.ask(engine, lists.app(engine))


@command()
def containers() -> int:
    """Show all of the app's containers, those that have stopped as well."""
    from kamalpy.cli.looking import asking, fleet, lists

    engine = fleet.engine_of(settings())
    return asking.ask(engine, lists.containers(engine))


@command()
def images() -> int:
    """Show the app's images."""
    from kamalpy.cli.looking import asking, fleet, lists

    engine = fleet.engine_of(settings())
    return asking.ask(engine, lists.images(engine))


@command()
def version() -> int:
    """Show which version of the app serves."""
    from kamalpy.cli.looking import asking, fleet, lists

    engine = fleet.engine_of(settings())
    return asking.ask(engine, lists.version(engine))
