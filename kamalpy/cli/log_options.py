"""The options of the ``logs`` commands."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Any

import click


def log_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command; ``queries.logs.LogOptions`` has a field for each."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def _split(context: click.Context, parameter: click.Parameter, value: str | None) -> Any:
    try:
        return tuple(shlex.split(value or ""))
    except ValueError:
        raise click.UsageError(f"--grep-options {value}: close the quotes", context) from None


_OPTIONS = (
    click.option("-s", "--since", metavar="TIME", help="Since: 42m, 2026-01-02T13:23:37Z"),
    click.option(
        "-n",
        "--lines",
        type=click.IntRange(0),
        metavar="N",
        help="Number of lines of each; all if --since or --grep  [100, with -f 10]",
    ),
    click.option("-g", "--grep", metavar="PATTERN", help="Only lines that match."),
    click.option("--grep-options", callback=_split, metavar="OPTIONS", help='For grep: "-i -C 2"'),
    click.option("-f", "--follow", is_flag=True, help="Follow new lines, until Ctrl-C."),
    click.option("-T", "--skip-timestamps", is_flag=True, help="Hide docker's times."),
)
