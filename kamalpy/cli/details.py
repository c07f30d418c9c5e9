"""``details``, ``audit``, ``releases``: what is on the servers, and what happened there."""

from __future__ import annotations

import click

from kamalpy.cli.tree import query_command

details = query_command(
    "details",
    "lists.everything",
    "Show all containers: the proxy's, the app's, those of accessories.",
)
audit = query_command(
    "audit",
    "lists.audit",
    "Show the last lines of each server's audit log.",
    click.option("-n", "--lines", type=click.IntRange(1), default=50, help="Number of lines [50]"),
)
releases = query_command(
    "releases",
    "state.releases",
    """
    List versions: since when they serve or did, who deployed them, which image, on which servers.

    The last column shows whether kamalpy rollback can go back to them, or why not.
    """,
    own=True,
)
