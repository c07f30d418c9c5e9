"""What may be said about log lines, whoever has written them."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click

_MANY, _FEW = 100, 10


@dataclass(frozen=True)
class LogOptions:
    """Which lines are asked for, and how they are to look."""

    since: str | None = None
    lines: int | None = None
    grep: str | None = None
    grep_options: tuple[str, ...] = ()
    follow: bool = False
    skip_timestamps: bool = False

    @property
    def tail(self) -> int | None:
        """So many of the last lines; all of them where something else says which."""
        if self.lines is not None or self.since is not None or self.grep is not None:
            return self.lines
        return _FEW if self.follow else _MANY

    @property
    def has_times(self) -> bool:
        """Whether docker puts times before lines; grep is not to see any that are not shown."""
        return not self.skip_timestamps or self.grep is None


def log_options(act: Callable[..., Any]) -> Callable[..., Any]:
    """Take all of it, as one argument ``asked``."""

    def heard(
        *args: Any,
        since: str | None,
        lines: int | None,
        grep: str | None,
        grep_options: tuple[str, ...],
        follow: bool,
        skip_timestamps: bool,
        **more: Any,
    ) -> Any:
        asked = LogOptions(since, lines, grep, grep_options, follow, skip_timestamps)
        return act(*args, asked=asked, **more)

    heard.__doc__, heard.__name__ = act.__doc__, act.__name__
    params: list[Any] = getattr(act, "__click_params__", [])
    heard.__click_params__ = params  # type: ignore[attr-defined]
    for option in reversed(_OPTIONS):
        option(heard)
    return heard


def _split(context: click.Context, parameter: click.Parameter, value: str | None) -> Any:
    try:
        return tuple(shlex.split(value or ""))
    except ValueError:
        raise click.UsageError(f"--grep-options {value}: close the quotes", context) from None


_OPTIONS = (
    click.option("-s", "--since", metavar="TIME", help="Since then: 42m, 2026-01-02T13:23:37Z"),
    click.option(
        "-n",
        "--lines",
        type=click.IntRange(0),
        metavar="N",
        help="So many of each; all if --since or --grep  [100, with -f 10]",
    ),
    click.option("-g", "--grep", metavar="PATTERN", help="Only lines that match."),
    click.option("--grep-options", callback=_split, metavar="OPTIONS", help='For grep: "-i -C 2"'),
    click.option("-f", "--follow", is_flag=True, help="Go on with what comes, until Ctrl-C."),
    click.option("-T", "--skip-timestamps", is_flag=True, help="Without docker's times."),
)
