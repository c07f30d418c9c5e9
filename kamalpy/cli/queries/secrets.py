"""Which secrets containers run with, compared by keyed digests: no value leaves a server."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import chain

import click

from kamalpy.cli.queries.fleet import Fleet, new_engine
from kamalpy.cli.secrets_report import Holder
from kamalpy.cli.settings import Settings
from kamalpy.deploys.holdings import Holding, holdings


def running(settings: Settings, names: Collection[str]) -> Iterator[Holder]:
    """List the containers on the servers in play that have some of these names."""
    engine = new_engine(replace(settings, json=False))  # the rows are the output
    with Fleet.reached(engine, engine.hosts) as fleet:
        found = list(holdings(fleet.project()))
    for each in found:
        yield from _holder(each, names)


def _holder(holding: Holding, names: Collection[str]) -> Iterator[Holder]:
    has = tuple(dict.fromkeys(name for name in holding.secrets if name in names))
    if holding.unknown and set(names).intersection(holding.unknown):
        unknown = ", ".join(holding.unknown)
        click.echo(
            f"{holding.host}: {holding.container}: cannot be compared, no value: {unknown}",
            err=True,
        )
    if has or set(holding.outdated).intersection(names):
        every = dict.fromkeys(chain(has, holding.outdated))
        outdated = tuple(name for name in every if name in holding.outdated)
        yield Holder(holding.host, holding.container, has, holding.replaced_by, outdated)
