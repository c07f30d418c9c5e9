"""``remove``: nothing of a service is left but its data and its audit log."""

from __future__ import annotations

import click

from kamalpy.cli.confirming import confirmed_option, service_typed
from kamalpy.cli.tree import command

_WHAT = "This removes from the servers: the app, its accessories, their images, the app's files"


@command()
@confirmed_option
@click.option("--data", is_flag=True, help="The accessories' files and data as well.")
def remove(confirmed: bool, data: bool) -> int:
    """Remove app, accessories and proxy from the servers; data stay unless --data is said."""
    from kamalpy.cli.run import run

    kept = ", AND ALL DATA of the accessories." if data else ". The accessories' data stay."
    service_typed(f"{_WHAT}{kept}", confirmed)
    return run("remove", "remove", data=data)
