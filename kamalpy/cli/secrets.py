"""``secrets``: Kamal's fetch, extract and print; check; and the encrypted file."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kamalpy.cli.settings import settings
from kamalpy.cli.tree import Group

if TYPE_CHECKING:
    from kamalpy.secrets import Secrets
    from kamalpy.secrets.encrypted import EncryptedFile, Keyring

group = Group(name="secrets", help="Secrets: where they come from, and an encrypted file.")
_inline = click.option("--inline", is_flag=True, hidden=True, expose_value=False)
_common = click.option(
    "--common", is_flag=True, help="In the file that all destinations share, secrets-common.enc."
)


@group.command()
@click.option("-a", "--adapter", required=True, metavar="NAME", help="1password, sops, vault, ...")
@click.option("--account", metavar="ACCOUNT", help="Account of the password manager.")
@click.option("--from", "source", metavar="PLACE", help="Vault, folder, project or file.")
@_inline
@click.argument("names", nargs=-1)
def fetch(adapter: str, account: str | None, source: str | None, names: Sequence[str]) -> int:
    """Fetch secrets from a password manager and print them as JSON."""
    from kamalpy.secrets.fetching import fetch

    _print(_as_json(fetch(adapter, account or None, source, names)))
    return 0


@group.command(context_settings={"ignore_unknown_options": True})
@_inline
@click.argument("name")
@click.argument("secrets", required=False)
def extract(name: str, secrets: str | None) -> int:
    """
    Extract one secret from the output of fetch.

    SECRETS is that JSON; without it, or with -, it is read from standard input, so that no process
    list shows it.
    """
    from kamalpy.secrets.extract import extract

    _print(extract(name, _read_stdin() if secrets in (None, "-") else str(secrets)))
    return 0


@group.command("print")
@_inline
def print_() -> int:
    """
    Print the names and values of all secrets.

    If a name has no value, the reason is printed on standard error, and the exit status is 1.
    """
    secrets = _secrets()
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


@group.command(own=True)
@click.option("--servers", is_flag=True, help="Compare with the containers on the servers.")
@click.option(
    "--rotated",
    multiple=True,
    metavar="NAME",
    help="Show what has to be replaced if this one changes; may be repeated.",
)
def check(servers: bool, rotated: Sequence[str]) -> int:
    """
    Show where each name is defined and used; exit status 1 if a deploy would fail.

    No value is shown. --servers shows which containers run with another value than the files have
    today.
    """
    from kamalpy.cli.secrets_report import holders, rows

    options = settings()
    config = options.load()
    found = rows(config)
    _show([row.fields() if options.json else row.columns() for row in found])
    for row in found:
        if row.warning:
            _report(f"WARNING: {row.warning}", "yellow")
        if row.problem and row.fails:
            click.secho(f"ERROR: {row.problem}", err=True, fg="red")
        elif row.problem:
            _report(f"Not needed by a deploy: {row.problem}", "yellow")
    columns = [each.columns(rotated) for each in holders(config, options, servers, rotated)]
    if columns:
        if not options.json:
            click.echo()
        _show(columns)
    return 1 if any(row.fails for row in found) else 0


@group.command(own=True)
@_common
def edit(common: bool) -> int:
    """
    Edit the encrypted file as NAME: value, in $VISUAL or $EDITOR.

    The text is in a folder that only you can read, in memory where possible, and deleted
    afterwards.
    """
    from kamalpy.cli.editor import edit_text

    file = _file(common)
    changed = file.edit(edit_text)
    _report(f"{file.name}: {', '.join(changed)} changed" if changed else f"{file.name}: no change")
    _warn_of_plain(changed)
    return 0


@group.command("set", own=True)
@click.option("--stdin", is_flag=True, help="Read the value from standard input, to its end.")
@_common
@click.argument("name")
def set_(name: str, stdin: bool, common: bool) -> int:
    """
    Set a secret in the encrypted file.

    The value is prompted for, or read from standard input without its last line end. It is never
    an argument.
    """
    file = _file(common)
    had_key = bool(file.keyring.keys())
    value = _read_stdin().removesuffix("\n").removesuffix("\r") if stdin else _prompt(name)
    file.set(name, value)
    _report(f"{name} is set in {file.name}")
    if not had_key:
        _report(f"Its key is in {file.keyring.name}: keep a copy, without it the values are gone")
    _warn_of_plain([name])
    return 0


@group.command(own=True)
@_common
@click.argument("names", nargs=-1, required=True)
def rm(names: Sequence[str], common: bool) -> int:
    """Remove secrets from the encrypted file."""
    file = _file(common)
    for name in names:
        file.remove(name)
        _report(f"{name} is no longer in {file.name}")
    return 0


@group.command(own=True)
def rotate_key() -> int:
    """
    Encrypt all encrypted files with a new key, which replaces the old one.

    Those who had the old key can still read old commits: change the secrets, too.
    """
    from kamalpy.secrets.encrypted import rotate_key
    from kamalpy.secrets.encrypted.keyring import VARIABLE

    ring = _file().keyring
    files = _files(ring)
    rotate_key(ring)
    _report(f"{', '.join(files)}: encrypted with a new key, which is in {ring.name}")
    if VARIABLE in os.environ:
        _report(f"{VARIABLE} still holds the old key: change it wherever it is set")
    return 0


@group.command(own=True)
def seal() -> int:
    """
    Accept the lines of the encrypted files as they are, after a merge.

    Review the merge first: one line for each name, and one seal at the end. Each value must have
    been encrypted for its name and file.
    """
    from kamalpy.secrets.encrypted import EncryptedFile

    ring = _file().keyring
    for file in _files(ring):
        names = EncryptedFile(file, ring).seal_again()
        _report(f"{file}: sealed with {', '.join(names) or 'no names'}")
    return 0


def _secrets() -> Secrets:
    """Find the secrets of a destination, whether or not there is a valid deploy.yml."""
    from kamalpy.config import files
    from kamalpy.config.load import unchecked
    from kamalpy.secrets import Secrets

    options = settings()
    path: Any = None
    environ: Mapping[str, str] = os.environ
    if options.is_in_project():
        destination = options.destination
        if destination:
            overlay = files.destination_file(options.config_file, destination)
            is_there = (files.is_there(Path(overlay + end)) for end in ("", files.JINJA))
            destination = destination if any(is_there) else None
        draft, environ = unchecked(
            options.config_file,
            destination=destination,
            allow_ruby=options.ruby,
            allow_commands=options.allow_commands,
        )
        path = draft.get("secrets_path")
    return Secrets(str(path or ".kamal/secrets"), destination=options.destination, environ=environ)


def _file(common: bool = False) -> EncryptedFile:
    secrets = _secrets()
    return secrets.encrypted_common if common else secrets.encrypted


def _files(ring: Keyring) -> Sequence[str]:
    from kamalpy.errors import SecretError

    files = ring.files()
    if not files:
        raise SecretError("there is no encrypted file yet; kamalpy secrets set NAME makes one")
    return files


def _read_stdin() -> str:
    from kamalpy.secrets.text import decode

    return decode(sys.stdin.buffer.read())


def _prompt(name: str) -> str:
    from kamalpy.errors import SecretError

    if not sys.stdin.isatty():
        how = "pipe the value in, with --stdin"
        raise SecretError(f"{name}: there is no terminal to prompt on; {how}")
    value: str = click.prompt(name, hide_input=True, confirmation_prompt="Once more", err=True)
    return value


def _warn_of_plain(names: Sequence[str]) -> None:
    """Warn of plain files that define a name as well, and win."""
    places = _secrets().definitions()
    for name in names:
        where = places.get(name, "")
        if where and not where.rpartition(":")[0].endswith(".enc"):
            _report(f"{where} defines {name} as well, and wins: take it out there", "yellow")


def _report(text: str, color: str | None = None) -> None:
    if not settings().quiet:
        click.secho(text, err=True, fg=color)


def _as_json(values: Mapping[str, str]) -> str:
    return json.dumps(dict(values), separators=(",", ":"), ensure_ascii=False)


def _print(text: str) -> None:
    from kamalpy.secrets.text import encode

    click.echo(encode(text))


def _show(rows: Sequence[dict[str, Any]]) -> None:
    if settings().json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
    else:
        from kamalpy.cli.table import table

        click.echo(table(rows))
