"""Confirmation before something is removed or interrupted."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

import click

from kamalpy.cli.settings import settings
from kamalpy.cli.tree import Decorator

_option = click.option("-y", "--confirmed", is_flag=True, help="Do not ask for confirmation.")


def confirming(question: Callable[..., str], *, by_name: bool = False) -> Decorator:
    """
    Ask first, unless ``-y`` is given; raise DeployError on any other answer than a yes.

    ``question`` makes the text from the command's arguments. ``by_name`` wants the name of the
    service typed instead of a yes.
    """

    def decorate(function: Callable[..., int]) -> Callable[..., int]:
        @wraps(function)
        def confirmed_first(confirmed: bool, **arguments: Any) -> int:
            if not confirmed and not settings().dry:
                (_confirm_name if by_name else _confirm)(question(**arguments))
            return function(**arguments)

        return _option(confirmed_first)

    return decorate


def _confirm(what: str) -> None:
    if _ask(f"{what} Continue? [y/N] ").lower() not in ("y", "yes"):
        _refuse("not confirmed: nothing was changed")


def _confirm_name(what: str) -> None:
    from kamalpy.cli.run import config

    service = config().service
    typed = _ask(f"{what}\nType the name of the service to continue, {service}: ")
    if typed != service:
        _refuse(f"{typed!r} is not {service}: nothing was removed")


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
