"""``doctor``: what goes wrong on first deploys, with the remedy."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from kamalpy.cli.settings import Settings, settings
from kamalpy.cli.tree import command
from kamalpy.reference.spelling import count

if TYPE_CHECKING:
    from kamalpy.doctor.finding import Finding

COLORS = {"ok": "green", "warning": "yellow", "problem": "red"}


@command(own=True)
@click.option("--offline", is_flag=True, help="Only deploy.yml and secrets: connect to nothing.")
def doctor(offline: bool) -> int:
    """
    Check what goes wrong on first deploys: each line is ok, a warning or a problem.

    deploy.yml and secrets, then the servers (SSH, sudo, Docker, architecture, disk, clock, ports),
    the names of the app, and the registry. The exit status is 1 if there is a problem. Nothing is
    changed.
    """
    options = settings()
    counts: Counter[str] = Counter()
    for title, finding in _findings(options, offline):
        counts[finding.level.value] += 1
        _show(title, finding, options)
    if not options.json and not options.quiet:
        levels = ((level, counts[level]) for level in ("problem", "warning"))
        totals = [count(number, level) if number else f"no {level}s" for level, number in levels]
        click.echo(f"\n{', '.join(totals)}")
    return 1 if counts["problem"] else 0


def _findings(options: Settings, offline: bool) -> Iterable[tuple[str, Finding]]:
    from kamalpy.cli.secrets_report import secrets_of
    from kamalpy.doctor import file
    from kamalpy.doctor.checks import CHECKS, SERVERS_AFTER
    from kamalpy.errors import ConfigurationError

    try:
        config = options.load()
    except ConfigurationError as error:
        yield from (("file", each) for each in file.mistakes(error.problems))
        return
    secrets = secrets_of(config)
    for check in CHECKS:
        if check.is_offline or not offline:
            yield from ((check.title, each) for each in check.run(config, secrets))
        if check.title == SERVERS_AFTER and not offline:
            from kamalpy.cli.queries.doctor import servers

            yield from (("servers", each) for each in servers(options))


def _show(title: str, finding: Finding, options: Settings) -> None:
    level = finding.level.value
    if options.json:
        row = {"level": level, "check": title, "subject": finding.subject}
        row |= {"what": finding.what, "how": finding.how}
        click.echo(json.dumps(row, ensure_ascii=False))
    elif level != "ok" or not options.quiet:
        click.echo(f"{click.style(f'{level:7}', fg=COLORS[level])}  {title:8}  {finding}")
