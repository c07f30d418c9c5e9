"""The options of the ``logs`` commands."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from typing import Any

import click

_MANY, _FEW = 100, 10


@dataclass(frozen=True)
class LogOptions:
    """Which lines to show, and how."""

    since: str | None = None
    lines: int | None = None
    grep: str | None = None
    grep_options: tuple[str, ...] = ()
    follow: bool = False
    skip_timestamps: bool = False

    @property
    def tail(self) -> int | None:
        """The number of last lines; None for all, where another option selects them."""
        if self.lines is not None or self.since is not None or self.grep is not None:
            return self.lines
        return _FEW if self.follow else _MANY

    @property
    def has_times(self) -> bool:
        """Whether docker puts times before lines; grep must not match times that are hidden."""
        return not self.skip_timestamps or self.grep is None


def log_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command, whose function takes them as one argument ``options``."""

    @wraps(function)
    def with_options(**arguments: Any) -> Any:
        values = {each.name: arguments.pop(each.name) for each in fields(LogOptions)}
        return function(options=LogOptions(**values), **arguments)

    for option in reversed(_OPTIONS):
        option(with_options)
    return with_options


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
