"""The text of an encrypted file: one encrypted line for each name, and a seal over them all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from kamalpy.dotenv import is_name
from kamalpy.errors import SecretError
from kamalpy.secrets.text import decode, is_storable

from .key import Key

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


def seal(
    values: Mapping[str, str], key: Key, file: str, unchanged: Mapping[str, str] | None = None
) -> Document:
    """Encrypt values; ``unchanged`` lines stay as they are, so that a diff is small."""
    context, lines = PurePath(file).name, unchanged or {}
    entries = {n: lines.get(n) or key.seal(value, context, n) for n, value in values.items()}
    draft = Document(key.id, entries)
    return Document(key.id, entries, key.sign(draft.body, context))


def unseal(document: Document, key: Key, file: str) -> dict[str, str]:
    """Decrypt values; raises SecretError unless all lines are there, in order, as written."""
    values = values_of(document, key, file)
    if not key.is_signed(document.body, document.seal, PurePath(file).name):
        what = "lines were added, removed or moved, and not by kamalpy"
        how = "restore the file from git; after a merge, review it and seal it again"
        raise SecretError.at(what, how, file=file)
    return values


def values_of(document: Document, key: Key, file: str) -> dict[str, str]:
    """Decrypt values one by one, without checking the file as a whole."""
    context, values = PurePath(file).name, {}
    for name, token in document.entries.items():
        value = key.open(token, context, name)
        if value is None:
            what = "was not encrypted for this name in this file, or is damaged"
            how = "restore the line from git, or delete it and seal the file again"
            line = document.places()[name]
            raise SecretError.at(what, how, path=name, file=file, line=line)
        values[name] = value
    return values


def check(values: Mapping[str, str], file: str) -> None:
    """Refuse names and values that no secret can have."""
    for name, value in values.items():
        what = ""
        if not is_name(name):
            what, how = "is no name of a secret", "names have letters, digits, _ and . only"
        elif not is_storable(value):
            what, how = "holds a NUL byte or half a character", "take it out: no environment can"
        if what:
            raise SecretError.at(what, how, path=name, file=file)
