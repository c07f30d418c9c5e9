"""The text of an encrypted file: one line for each name, and a seal over them all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kamalpy.errors import SecretError
from kamalpy.secrets.text import decode

_HEAD = "# Encrypted by kamalpy: names can be read, values cannot. Do not edit by hand."
_FORMAT = "kamalpy-secrets: 1"
_FIRST = 4  # the line of the first secret
_KEY = re.compile(r"key: ([0-9a-f]{16})")
_ENTRY = re.compile(r"([\w.]+): ([A-Za-z0-9_-]+)", re.ASCII)
_SEAL = re.compile(r"seal: ([A-Za-z0-9_-]+)")


@dataclass(frozen=True, slots=True)
class Document:
    """A file, as it can be read without a key."""

    key_id: str
    entries: Mapping[str, str]
    seal: str = ""

    @property
    def body(self) -> str:
        """The lines above the seal, which it signs."""
        lines = [_HEAD, _FORMAT, f"key: {self.key_id}"]
        lines += [f"{name}: {token}" for name, token in self.entries.items()]
        return "".join(f"{line}\n" for line in lines)

    @property
    def text(self) -> str:
        """The file."""
        return f"{self.body}seal: {self.seal}\n"

    def places(self) -> dict[str, int]:
        """The line of each name."""
        return {name: number for number, name in enumerate(self.entries, _FIRST)}


def is_encrypted(text: str) -> bool:
    """Return whether a text is an encrypted file."""
    return text.startswith(_HEAD)


def load(path: Path, file: str) -> Document | None:
    """Read a file, if it is there; ``file`` is how the user writes it."""
    try:
        return parse(decode(path.read_bytes()), file)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SecretError.at(f"cannot be read: {error.strerror}", file=file) from None


def parse(text: str, file: str) -> Document:
    """Parse a file; raises SecretError unless it is complete."""
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0] != _HEAD:
        raise _refused("is no file of encrypted secrets", file, 1)
    if lines[1:2] != [_FORMAT]:
        raise _refused("is of a format that this kamalpy does not know", file, 2)
    is_whole = len(lines) > _FIRST and not lines[-1]
    key, seal = _KEY.fullmatch(lines[2] if is_whole else ""), _SEAL.fullmatch(lines[-2])
    if key is None or seal is None:
        raise _refused("is cut off: its last line, the seal, is missing", file)
    entries: dict[str, str] = {}
    for number, line in enumerate(lines[_FIRST - 1 : -2], _FIRST):
        entry = _ENTRY.fullmatch(line)
        if entry is None or entry[1] in entries:
            raise _refused("is no line that kamalpy wrote", file, number)
        entries[entry[1]] = entry[2]
    return Document(key[1], entries, seal[1])


def _refused(what: str, file: str, line: int | None = None) -> SecretError:
    how = "restore the file from git, or resolve the merge conflict and seal it again"
    return SecretError.at(what, how, file=file, line=line)
