"""Secrets as files of a container: ``/run/secrets/NAME`` instead of a variable."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping

from kamalpy.errors import ArgumentError
from kamalpy.secrets import Secret
from kamalpy.secrets.text import encode
from kamalpy.spec.change import SECRET, Change
from kamalpy.spec.state import HostState

FOLDER = "/run/secrets"
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")


def path_of(name: str) -> str:
    """Name a secret's file, as the container sees it."""
    return f"{FOLDER}/{name}"


def variables(names: Iterable[str]) -> dict[str, str]:
    """Name the files in variables, as official images expect: ``POSTGRES_PASSWORD_FILE``."""
    return {f"{name}_FILE": path_of(name) for name in names}


def lines(secrets: Mapping[str, Secret]) -> list[str]:
    """Write down names and values, which may hold any byte."""
    return [f"{_checked(name)} {_encoded(secret.reveal())}\n" for name, secret in secrets.items()]


def changes(
    was: Mapping[str, str], wanted: Mapping[str, Secret], state: HostState
) -> Iterator[Change]:
    """List the files that come, go, or change, by name."""
    for name, secret in wanted.items():
        if name not in was:
            yield Change(path_of(name), None, SECRET)
        elif was[name] != state.digest(encode(secret.reveal())):
            yield Change(path_of(name), SECRET, SECRET)
    yield from (Change(path_of(name), SECRET, None) for name in sorted(was.keys() - wanted.keys()))


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ArgumentError(
            f"{name}: cannot name a file; use letters, digits, '_', '.', '-', the first a letter, "
            "digit or '_'"
        )
    return name


def _encoded(value: str) -> str:
    return base64.b64encode(encode(value)).decode()
