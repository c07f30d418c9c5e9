"""Files of secrets: what docker's ``--env-file`` can hold, and a second file for the rest."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

from kamalpy.config.document.ruby import ESCAPES
from kamalpy.errors import ArgumentError
from kamalpy.secrets import Secret
from kamalpy.spec import secret_files
from kamalpy.spec.file import FileSpec

MULTILINE_SUFFIX = ".odd"
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LONGEST = 32_000  # docker reads lines of up to 64 KiB


def files(
    path: str, secrets: Mapping[str, Secret], as_files: bool = False
) -> tuple[FileSpec, FileSpec]:
    """
    Make the file docker reads and the one for values that no line of it can hold.

    Values that are to be files of the container all stand in the second one.
    """
    if as_files:
        return _both(path, [], secret_files.lines(secrets))
    plain, multiline = [], []
    for name, secret in secrets.items():
        value = _checked(name, secret.reveal())
        if not is_multiline(value):
            plain.append(f"{name}={value}\n")
        elif _IDENTIFIER.fullmatch(name):
            multiline.append(f"{name} {base64.b64encode(value.encode()).decode()}\n")
        else:
            raise ArgumentError(
                f"{name}: a value of several lines needs a name of letters, digits and '_'"
            )
    return _both(path, plain, multiline)


def _both(path: str, plain: list[str], multiline: list[str]) -> tuple[FileSpec, FileSpec]:
    return (
        FileSpec(path=path, content=("".join(plain) or "\n").encode(), mode="0600", secret=True),
        FileSpec(
            path=path + MULTILINE_SUFFIX,
            content="".join(multiline).encode(),
            mode="0600",
            secret=True,
        ),
    )


def is_multiline(value: str) -> bool:
    """Tell whether a value does not fit into a line of docker's env files."""
    return "\n" in value or "\r" in value or len(value.encode("utf-8", "surrogatepass")) > _LONGEST


def _checked(name: str, value: str) -> str:
    if "\0" in value:
        raise ArgumentError(f"{name}: the value holds a NUL byte, which no variable can")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ArgumentError(
            f"{name}: the value holds bytes that are no text, which Docker cannot pass on"
        ) from None
    return value


def as_kamal_wrote(value: str) -> str:
    """Spell a secret as Kamal's env files do: backslashes doubled, control characters escaped."""
    escaped = value.replace("\\", "\\\\")
    for raw, written in ESCAPES.items():
        escaped = escaped.replace(raw, written)
    return escaped
