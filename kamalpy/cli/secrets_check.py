"""``secrets check``: where each name is defined and used, and what would become of a deploy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kamalpy.cli.settings import Settings, settings
from kamalpy.cli.table import table
from kamalpy.cli.tree import command

if TYPE_CHECKING:
    from kamalpy.cli.secrets_report import Row
    from kamalpy.config import Configuration


@command()
@click.option("--servers", is_flag=True, help="Ask the servers which values their containers have.")
@click.option(
    "--rotated",
    multiple=True,
    metavar="NAME",
    help="Tell what has to be replaced if this one changes; may be given again.",
)
def check(servers: bool, rotated: Sequence[str]) -> int:
    """
    Tell where each name is defined and used, and what is wrong with it.

    The exit status is 1 if a deploy would fail. No value is shown. --servers tells which
    containers run with another value than the files have today.
    """
    from kamalpy.cli.secrets_report import rows

    said = settings()
    config = _config(said)
    found = rows(config)
    _show([each.whole() if said.json else each.plain() for each in found])
    for row in found:
        _tell_problem(row)
    holders = _holders(config, servers, rotated)
    if holders:
        if not said.json:
            click.echo()
        _show(holders)
    return 1 if any(row.fails for row in found) else 0


def _config(said: Settings) -> Configuration:
    from kamalpy.config import load

    return load(
        said.config_file,
        destination=said.destination,
        root=Path.cwd(),
        allow_ruby=said.ruby,
        allow_commands=said.allow_commands,
    )


def _holders(
    config: Configuration, servers: bool, rotated: Sequence[str]
) -> Sequence[dict[str, Any]]:
    """List the containers that have secrets, as they run or as deploy.yml has them."""
    from kamalpy.cli.secrets_report import affected

    names = affected(config, rotated)
    if servers:
        from kamalpy.cli.looking.secrets import running

        return [each.plain(rotated) for each in running(settings(), names)]
    if rotated:
        from kamalpy.cli.secrets_report import planned

        return [each.plain(rotated) for each in planned(config, names)]
    return []


def _show(found: Sequence[dict[str, Any]]) -> None:
    if settings().json:
        for each in found:
            click.echo(json.dumps(each, ensure_ascii=False))
    else:
        click.echo(table(found))


def _tell_problem(row: Row) -> None:
    if row.problem and row.fails:
        click.secho(f"ERROR: {row.problem}", err=True, fg="red")
    elif row.problem and not settings().quiet:
        click.secho(f"Not needed by a deploy: {row.problem}", err=True, fg="yellow")
