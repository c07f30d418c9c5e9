"""Asking before something is taken away."""

from __future__ import annotations

import sys

import click

from kamalpy.cli.settings import settings
from kamalpy.errors import DeployError

confirmed_option = click.option("-y", "--confirmed", is_flag=True, help="Go on without a question.")


def service_typed(what: str, confirmed: bool) -> None:
    """Have the service's name typed out by whoever wants this; raises where it is not."""
    if confirmed or settings().dry:
        return
    from kamalpy.cli.run import config

    service = config().service
    typed = _asked(f"{what}\nType the service's name to go on, {service}: ")
    if typed != service:
        raise DeployError(f"{typed!r} is not {service}: nothing is removed")


def agreed(what: str, confirmed: bool) -> None:
    """Have somebody say yes; raises where they do not."""
    if confirmed or settings().dry:
        return
    if _asked(f"{what} Go on? [y/N] ").lower() not in ("y", "yes"):
        raise DeployError("nobody has said yes: nothing is done")


def _asked(question: str) -> str:
    click.echo(question, nl=False, err=True)
    answer = sys.stdin.readline()
    if not answer:
        click.echo(err=True)
        raise DeployError("nobody is there to answer; -y goes on without a question")
    return answer.strip()
