"""Reporting a user's mistake, and what to try next."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING

import click

from kamalpy.cli import terminals
from kamalpy.cli.events import Exit
from kamalpy.cli.settings import Settings

if TYPE_CHECKING:
    from kamalpy.errors import ConfigurationError

_HELP = getattr(click.exceptions, "NoArgsIsHelpError", ())  # click 8.1 prints it by itself
_NEXT = {
    Exit.ERROR: "{command} -vv",
    Exit.LOCKED: "lock status",
    Exit.UNHEALTHY: "details",
    Exit.REVERTED: "details",
    Exit.DIVIDED: "details",
    Exit.UNREACHABLE: "doctor",
}


def report(error: Exception, settings: Settings) -> int:
    """Report what went wrong on standard error; a mistake of ours is raised again."""
    if isinstance(error, _HELP):
        click.echo(str(error))
        return Exit.OK
    if isinstance(error, click.ClickException):
        if settings.json:
            _write_json(error.format_message(), Exit.ERROR, None, settings)
        error.show()
        return Exit.ERROR
    from pyinfra.api.exceptions import PyinfraError

    if not isinstance(error, PyinfraError):
        raise error
    more, status = hint(error, settings), status_of(error)
    if settings.json:
        _write_json(str(error), status, more, settings)
    click.echo(_red(f"ERROR: {error}", settings), err=True)
    if terminals.in_actions():
        click.echo(terminals.annotation("error", str(error)), err=True)
    if more is not None:
        click.echo(f"Try: {more}", err=True)
    return status


def _red(text: str, settings: Settings) -> str:
    return terminals.styled(text, terminals.has_colors(sys.stderr, settings), fg="red")


def _write_json(text: str, status: int, more: str | None, settings: Settings) -> None:
    """Write the event that ends every command."""
    from kamalpy.cli.events import RunEnded
    from kamalpy.cli.output import JsonLines

    why = tuple(text.splitlines())
    JsonLines().show(RunEnded(settings.command, int(status), 0, 0, 0, 0, why, more))


def hint(error: Exception, settings: Settings) -> str | None:
    """Return the command that explains more about an error."""
    from kamalpy import errors

    if isinstance(error, errors.ConfigurationError):
        return _page(error, settings)
    hints = {
        errors.SecretError: "secrets check",
        errors.VersionError: "{command} --version VERSION",
        errors.HookError: "{command} --skip-hooks",
        errors.UnreachableError: _NEXT[Exit.UNREACHABLE],
        Exception: "{command} --help",
    }
    found = next(each for kind, each in hints.items() if isinstance(error, kind))
    return _command_line(found, settings)


def _page(error: ConfigurationError, settings: Settings) -> str | None:
    """Name the page about the first key that is wrong, or about its section."""
    if "kamalpy init" in str(error):  # there is no deploy.yml yet
        return _command_line("init", settings)
    from kamalpy.reference import nearest

    found = [nearest(problem.path.split("/")) for problem in error.problems if problem.path]
    return f"kamalpy docs {found[0]}".rstrip() if found else None


def status_of(error: Exception) -> int:
    """Return the exit status of an error."""
    from kamalpy import errors

    return Exit.UNREACHABLE if isinstance(error, errors.UnreachableError) else Exit.ERROR


def after(status: int, settings: Settings) -> str | None:
    """Name the command to try after one that has ended like this, for the same servers."""
    found = _NEXT.get(Exit(status)) if status in list(Exit) else None
    return _command_line(found, settings) if found else None


def _command_line(command: str, settings: Settings) -> str | None:
    if not settings.command:
        return None
    if "--help" in command:
        return f"kamalpy {command.format(command=settings.command)}"
    file = ["-c", settings.config_file] if settings.config_file != Settings.config_file else []
    destination = ["-d", settings.destination] if settings.destination else []
    words = command.format(command=settings.command).split()
    if words == settings.command.split():
        return None  # it has just failed
    return shlex.join(["kamalpy", *words, *file, *destination])
