"""``details``, ``audit``, ``releases``: what is on the servers, and what happened there."""

from __future__ import annotations

import click

from kamalpy.cli.settings import settings
from kamalpy.cli.tree import command


@command()
def details() -> int:
    """Show all containers: the proxy's, the app's, those of accessories."""
    from kamalpy.cli.queries import answers

    return answers.show_list(settings(), "everything")


@command()
@click.option("-n", "--lines", type=click.IntRange(1), default=50, help="Number of lines [50]")
def audit(lines: int) -> int:
    """Show the last lines of each server's audit log."""
    from kamalpy.cli.queries import answers

    return answers.show_list(settings(), "audit", lines)


@command()
def releases() -> int:
    """
    List versions: since when they serve or did, who deployed them, which image, on which servers.

    The last column shows whether kamalpy rollback can go back to them, or why not.
    """
    from kamalpy.cli.queries import fleet, state

    return state.show_releases(fleet.new_engine(settings()))
