"""Which secrets containers run with: told by keyed digests, so that no value leaves a server."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import chain

import click

from kamalpy.cli.looking import fleet as fleets
from kamalpy.cli.looking.reading import project_of
from kamalpy.cli.secrets_report import Holder
from kamalpy.cli.settings import Settings
from kamalpy.deploys.holdings import Holding, holdings


def running(settings: Settings, names: Collection[str]) -> Iterator[Holder]:
    """Ask all servers in play which of their containers have some of these names."""
    engine = fleets.engine_of(replace(settings, json=False))  # the rows are the answer
    with fleets.Fleet.reached(engine, engine.hosts) as fleet:
        found = list(holdings(project_of(fleet)))
    for each in found:
        yield from _holder(each, names)


def _holder(of: Holding, names: Collection[str]) -> Iterator[Holder]:
    has = tuple(dict.fromkeys(name for name in of.secrets if name in names))
    if of.unknown and set(names).intersection(of.unknown):
        told = ", ".join(of.unknown)
        click.echo(f"{of.host}: {of.container}: cannot be compared, no value: {told}", err=True)
    if has or set(of.outdated).intersection(names):
        every = dict.fromkeys(chain(has, of.outdated))
        outdated = tuple(name for name in every if name in of.outdated)
        yield Holder(of.host, of.container, has, of.replaced_by, outdated)
