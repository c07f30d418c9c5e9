"""Encrypts values into a document, and decrypts them if the document is unchanged."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from kamalpy.dotenv import is_name
from kamalpy.errors import SecretError
from kamalpy.secrets.text import is_storable

from .document import Document
from .key import Key


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
