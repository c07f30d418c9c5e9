"""The commands of ``server`` that change servers."""

from __future__ import annotations

from kamalpy.cli.tree import command


@command()
def bootstrap() -> int:
    """Have Docker on all servers; one that is there is left alone."""
    from kamalpy.cli.run import run

    return run("server bootstrap", "server_bootstrap")
