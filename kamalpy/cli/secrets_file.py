"""``secrets edit``, ``set``, ``rm``, ``rotate-key``, ``seal``: the encrypted file."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from kamalpy.cli.settings import settings
from kamalpy.cli.tree import command

if TYPE_CHECKING:
    from kamalpy.secrets import EncryptedFile, Keyring, Secrets

_common = click.option(
    "--common", is_flag=True, help="In the file that all destinations share, secrets-common.enc."
)


@command()
@_common
def edit(common: bool) -> int:
    """
    Edit the encrypted file as NAME: value, in $VISUAL or $EDITOR.

    The text is in a folder that only you can read, in memory where there is such a thing, and
    gone afterwards.
    """
    from kamalpy.cli.editor import edited

    file = _file(common)
    touched = file.edit(edited)
    _tell(f"{file.name}: {', '.join(touched)} changed" if touched else f"{file.name}: no change")
    _warn_of_plain(touched)
    return 0


@command(name="set")
@click.option("--stdin", is_flag=True, help="Read the value from standard input, to its end.")
@_common
@click.argument("name")
def set_(name: str, stdin: bool, common: bool) -> int:
    """
    Set a secret in the encrypted file.

    The value is asked for, or read from standard input, but for one line end at its end; it never
    stands on a command line.
    """
    file = _file(common)
    had_key = bool(file.keyring.keys())
    file.set(name, _from_stdin() if stdin else _asked(name))
    _tell(f"{name} is set in {file.name}")
    if not had_key:
        _tell(f"Its key is in {file.keyring.name}: keep a copy, without it the values are gone")
    _warn_of_plain([name])
    return 0


@command()
@_common
@click.argument("names", nargs=-1, required=True)
def rm(names: Sequence[str], common: bool) -> int:
    """Take secrets out of the encrypted file."""
    file = _file(common)
    for name in names:
        file.remove(name)
        _tell(f"{name} is no longer in {file.name}")
    return 0


@command()
def rotate_key() -> int:
    """
    Encrypt all encrypted files with a new key, which replaces the old one.

    Those who had the old key can still read old commits: change the secrets, too.
    """
    from kamalpy.secrets import rotate_key
    from kamalpy.secrets.encrypted.keyring import VARIABLE

    ring = _file().keyring
    files = _files(ring)
    rotate_key(ring)
    _tell(f"{', '.join(files)}: encrypted with a new key, which is in {ring.name}")
    if VARIABLE in os.environ:
        _tell(f"{VARIABLE} still holds the old key: change it wherever it is set")
    return 0


@command()
def seal() -> int:
    """
    Accept the lines of the encrypted files as they are, after a merge.

    Look at what you keep first: one line for each name, and one seal at the end. Each value must
    be one that was encrypted for its name and file.
    """
    from kamalpy.secrets import EncryptedFile

    ring = _file().keyring
    for name in _files(ring):
        kept = EncryptedFile(name, ring).seal_again()
        _tell(f"{name}: sealed with {', '.join(kept) or 'no names'}")
    return 0


def _file(common: bool = False) -> EncryptedFile:
    secrets = _secrets()
    return secrets.encrypted_common if common else secrets.encrypted


def _secrets() -> Secrets:
    from kamalpy.cli.secrets_place import secrets_of

    return secrets_of(settings())


def _files(ring: Keyring) -> Sequence[str]:
    from kamalpy.errors import SecretError

    files = ring.files()
    if not files:
        raise SecretError("there is no encrypted file yet; kamalpy secrets set NAME makes one")
    return files


def _from_stdin() -> str:
    from kamalpy.secrets.text import decode

    text = decode(sys.stdin.buffer.read())
    return text.removesuffix("\n").removesuffix("\r")


def _asked(name: str) -> str:
    from kamalpy.errors import SecretError

    if not sys.stdin.isatty():
        raise SecretError(f"{name}: nobody is here to ask; pipe the value in, with --stdin")
    value: str = click.prompt(name, hide_input=True, confirmation_prompt="Once more", err=True)
    return value


def _warn_of_plain(names: Sequence[str]) -> None:
    """Tell of plain files that define a name as well, and win."""
    places = _secrets().definitions()
    for name in names:
        where = places.get(name, "")
        if where and not where.rpartition(":")[0].endswith(".enc"):
            _tell(f"{where} defines {name} as well, and wins: take it out there", "yellow")


def _tell(text: str, color: str | None = None) -> None:
    if not settings().quiet:
        click.secho(text, err=True, fg=color)
