"""Telling a user's mistake in its own words, and what to try next."""

from __future__ import annotations

import shlex

import click

from kamalpy.cli import actions, terminals
from kamalpy.cli.settings import Settings
from kamalpy.cli.status import Exit

_HELP = getattr(click.exceptions, "NoArgsIsHelpError", ())  # click 8.1 prints it by itself
_NEXT = {
    Exit.LOCKED: "lock status",
    Exit.UNHEALTHY: "details",
    Exit.REVERTED: "details",
    Exit.UNREACHABLE: "server exec uptime",
}


def tell(error: Exception) -> int:
    """Tell what went wrong on standard error; a mistake of ours is raised again."""
    if isinstance(error, _HELP):
        click.echo(str(error))
        return Exit.OK
    if isinstance(error, click.ClickException):
        error.show()
        return Exit.ERROR
    from pyinfra.api.exceptions import PyinfraError

    if not isinstance(error, PyinfraError):
        raise error
    click.secho(f"ERROR: {error}", err=True, fg="red")
    if terminals.in_actions():
        click.echo(actions.note("error", str(error)), err=True)
    more = hint(error)
    if more is not None:
        click.echo(f"Try: {more}", err=True)
    return status_of(error)


def hint(error: Exception) -> str | None:
    """Name the command that tells more about an error."""
    from kamalpy import errors

    hints = {
        errors.ConfigurationError: "kamalpy docs, for what may be written",
        errors.SecretError: "kamalpy secrets check",
    }
    return next((each for kind, each in hints.items() if isinstance(error, kind)), None)


def status_of(error: Exception) -> int:
    """Give the exit status that an error has."""
    from kamalpy import errors

    return Exit.UNREACHABLE if isinstance(error, errors.UnreachableError) else Exit.ERROR


def after(status: int, settings: Settings) -> str | None:
    """Name the command to try after one that has ended like this, for the same servers."""
    command = _NEXT.get(Exit(status)) if status in list(Exit) else None
    if command is None:
        return None
    file = ["-c", settings.config_file] if settings.config_file != Settings.config_file else []
    destination = ["-d", settings.destination] if settings.destination else []
    return shlex.join(["kamalpy", *command.split(), *file, *destination])
