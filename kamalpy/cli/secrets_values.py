"""``secrets fetch``, ``extract`` and ``print``: what Kamal's do, on a command line of its own."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence

import click

from kamalpy.cli.settings import settings
from kamalpy.cli.tree import command

_inline = click.option("--inline", is_flag=True, hidden=True)


@command()
@click.option("-a", "--adapter", required=True, metavar="NAME", help="1password, sops, vault, ...")
@click.option("--account", metavar="ACCOUNT", help="Account of the password manager.")
@click.option("--from", "source", metavar="PLACE", help="Vault, folder, project or file.")
@_inline
@click.argument("names", nargs=-1)
def fetch(
    adapter: str, account: str | None, source: str | None, inline: bool, names: Sequence[str]
) -> int:
    """Fetch secrets from a password manager and print them as JSON."""
    from kamalpy.secrets import fetch

    _print(_as_json(fetch(adapter, account or None, source, names)))
    return 0


@command(context_settings={"ignore_unknown_options": True})
@_inline
@click.argument("name")
@click.argument("secrets", required=False)
def extract(name: str, secrets: str | None, inline: bool) -> int:
    """
    Take one secret out of what fetch has printed.

    SECRETS is that JSON; without it, or with -, it is read from standard input, where no list of
    processes shows it.
    """
    from kamalpy.secrets import extract
    from kamalpy.secrets.text import decode

    if secrets in (None, "-"):
        secrets = decode(sys.stdin.buffer.read())
    _print(extract(name, secrets or ""))
    return 0


@command(name="print")
@_inline
def print_(inline: bool) -> int:
    """
    Print the names and values of all secrets.

    Names that have no value are told on standard error, with the reason; the exit status is 1 then.
    """
    from kamalpy.cli.secrets_place import secrets_of

    secrets = secrets_of(settings())
    values = secrets.items()
    if settings().json:
        _print(_as_json(values))
    else:
        for name, value in values.items():
            _print(f"{name}={value}")
    problems = secrets.problems()
    for problem in problems.values():
        click.secho(f"ERROR: {problem}", err=True, fg="red")
    return 1 if problems else 0


def _as_json(values: Mapping[str, str]) -> str:
    return json.dumps(dict(values), separators=(",", ":"), ensure_ascii=False)


def _print(text: str) -> None:
    from kamalpy.secrets.text import encode

    click.echo(encode(text))
