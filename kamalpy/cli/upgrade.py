"""``upgrade``: from Kamal 1's servers to those of Kamal 2."""

from __future__ import annotations

import click

from kamalpy.cli.confirming import agreed, confirmed_option
from kamalpy.cli.tree import command


@command()
@click.option("--rolling", is_flag=True, help="One server after the other.")
@confirmed_option
def upgrade(rolling: bool, confirmed: bool) -> int:
    """Move servers from Kamal 1 to 2: kamal-proxy for Traefik, the network kamal, new names."""
    from kamalpy.cli.run import run

    agreed("This puts kamal-proxy in the place of Traefik, and restarts accessories.", confirmed)
    return run("upgrade", "upgrade", rolling=rolling)
