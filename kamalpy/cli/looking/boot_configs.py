"""``proxy boot_config get``: how the proxy is run where deploy.yml does not say."""

from __future__ import annotations

import click

from kamalpy.cli.looking import fleet, places
from kamalpy.cli.looking.fleet import Ask, Fleet
from kamalpy.cli.settings import settings
from kamalpy.commands import listing
from kamalpy.operations.proxy.spec import VERSION
from kamalpy.spec.boot_config import BootConfig


def tell() -> int:
    """Print, host by host, what Kamal would run."""
    engine = fleet.engine_of(settings())
    hosts = places.proxy_hosts(engine)
    with Fleet.reached(engine, hosts) as reached:
        for answer in reached.answers([Ask(host, listing.boot_config()) for host in hosts]):
            pairs = (line.text.partition(" ") for line in answer.lines)
            files = {name: text.strip() for name, _, text in pairs}
            click.echo(f"Host {answer.ask.host}: {BootConfig.of(files).words(VERSION)}")
        return reached.status
