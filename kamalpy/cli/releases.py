"""``releases``: the versions that servers know."""

from __future__ import annotations

from kamalpy.cli.settings import settings
from kamalpy.cli.tree import command


@command()
def releases() -> int:
    """
    List versions: since when they serve or did, who brought them, which image, on which servers.

    The last column tells whether kamalpy rollback can go back to them, or why not.
    """
    from kamalpy.cli.looking import fleet, releases

    return releases.tell(fleet.engine_of(settings()))
