"""Confirmation before something is removed."""

from __future__ import annotations

import sys
from typing import NoReturn

import click

from kamalpy.cli.settings import settings

confirmed_option = click.option(
    "-y", "--confirmed", is_flag=True, help="Do not ask for confirmation."
)


def confirm_service_name(what: str, confirmed: bool) -> None:
    """Ask for the name of the service; raise DeployError if another one is typed."""
    if confirmed or settings().dry:
        return
    from kamalpy.cli.run import config

    service = config().service
    typed = _ask(f"{what}\nType the name of the service to continue, {service}: ")
    if typed != service:
        _refuse(f"{typed!r} is not {service}: nothing was removed")


def confirm(what: str, confirmed: bool) -> None:
    """Ask for a yes; raise DeployError on any other answer."""
    if confirmed or settings().dry:
        return
    if _ask(f"{what} Continue? [y/N] ").lower() not in ("y", "yes"):
        _refuse("not confirmed: nothing was changed")


def _ask(question: str) -> str:
    click.echo(question, nl=False, err=True)
    answer = sys.stdin.readline()
    if not answer:
        click.echo(err=True)
        _refuse("standard input ended before an answer; -y skips the question")
    return answer.strip()


def _refuse(why: str) -> NoReturn:
    from kamalpy.errors import DeployError

    raise DeployError(why)
