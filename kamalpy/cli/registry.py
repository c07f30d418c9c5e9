"""``registry``: log in and out, on this machine and on the servers."""

from __future__ import annotations

import click

from kamalpy.cli.tree import Group

group = Group(name="registry", help="The registry: log in and out, here and on the servers.")
group.add_deploys(
    {
        "setup": "Log in to the registry, or run the one of this machine.",
        "remove": "Log out of the registry, or remove the one of this machine.",
        "login": "Log in to the registry, on this machine and on all servers.",
        "logout": "Log out of the registry, on this machine and on all servers.",
    },
    click.option("-L", "--skip-local", is_flag=True, help="Not on this machine."),
    click.option("-R", "--skip-remote", is_flag=True, help="Not on the servers."),
)
