"""Telling a user's mistake in its own words, and what to try next."""

from __future__ import annotations

import shlex

import click

from kamalpy.cli import actions, terminals
from kamalpy.cli.settings import Settings
from kamalpy.cli.status import Exit

_HELP = getattr(click.exceptions, "NoArgsIsHelpError", ())  # click 8.1 prints it by itself
_NEXT = {
    Exit.ERROR: "{command} -vv",
    Exit.LOCKED: "lock status",
    Exit.UNHEALTHY: "details",
    Exit.REVERTED: "details",
    Exit.UNREACHABLE: "server exec uptime",
}


def tell(error: Exception, settings: Settings) -> int:
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
    more = hint(error, settings)
    if more is not None:
        click.echo(f"Try: {more}", err=True)
    return status_of(error)


def hint(error: Exception, settings: Settings) -> str | None:
    """Name the command that tells more about an error."""
    from kamalpy import errors

    hints = {
        errors.ConfigurationError: "docs",
        errors.SecretError: "secrets check",
        errors.VersionError: "{command} --version VERSION",
        errors.HookError: "{command} --skip-hooks",
        errors.UnreachableError: _NEXT[Exit.UNREACHABLE],
        Exception: "{command} --help",
    }
    if "kamalpy init" in str(error):  # there is no deploy.yml yet
        return _typed("init", settings)
    found = next(each for kind, each in hints.items() if isinstance(error, kind))
    return _typed(found, settings)


def status_of(error: Exception) -> int:
    """Give the exit status that an error has."""
    from kamalpy import errors

    return Exit.UNREACHABLE if isinstance(error, errors.UnreachableError) else Exit.ERROR


def after(status: int, settings: Settings) -> str | None:
    """Name the command to try after one that has ended like this, for the same servers."""
    found = _NEXT.get(Exit(status)) if status in list(Exit) else None
    return _typed(found, settings) if found else None


def _typed(command: str, settings: Settings) -> str | None:
    if not settings.command:
        return None
    if "--help" in command or command == "docs":
        return f"kamalpy {command.format(command=settings.command)}"
    file = ["-c", settings.config_file] if settings.config_file != Settings.config_file else []
    destination = ["-d", settings.destination] if settings.destination else []
    words = command.format(command=settings.command).split()
    return shlex.join(["kamalpy", *words, *file, *destination])
