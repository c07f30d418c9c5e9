"""The user's editor, on a file that no other user can read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from kamalpy.errors import SecretError

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made there


def edit_text(text: str) -> str:
    """Let the user edit a text; raise SecretError if the editor fails."""
    folder = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    with _remove_on_exit(), tempfile.TemporaryDirectory(prefix="kamalpy-", dir=folder) as private:
        file = Path(private) / "secrets.yaml"
        file.touch(mode=0o600)
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
        while True:
            _run(editor(), file)
            found = file.read_bytes().decode("utf-8", "surrogateescape")
            if not _wants_retry(found):
                return found


def editor() -> str:
    """Return the editor, chosen as git does."""
    return os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"


def _run(command: str, file: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the editor's
    try:
        words = ["/bin/sh", "-c", f'{command} "$@"', command, str(file)]
        status = subprocess.run(words, check=False).returncode
    finally:
        signal.signal(signal.SIGINT, before)
    if status:
        raise SecretError(f"{command}: exit status {status}; nothing has changed")


def _wants_retry(text: str) -> bool:
    """Offer to edit again after a mistake, so that no work is lost."""
    from kamalpy.secrets.encrypted.yaml_text import read

    try:
        read(text)
    except SecretError as error:
        if not sys.stdin.isatty():
            return False  # reported by the next reader
        click.secho(f"ERROR: {error}", err=True, fg="red")
        return click.confirm("Edit again?", default=True, err=True)
    return False


@contextmanager
def _remove_on_exit() -> Iterator[None]:
    """Remove the file when the terminal closes or this process is terminated."""
    signals = (signal.SIGHUP, signal.SIGTERM)
    before = [(each, signal.signal(each, _leave)) for each in signals]
    try:
        yield
    finally:
        for each, handler in before:
            signal.signal(each, handler)


def _leave(number: int, frame: object) -> None:
    raise SystemExit(128 + number)
