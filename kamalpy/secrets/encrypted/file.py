"""One encrypted file, and a new key for all of a project."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kamalpy.errors import SecretError

from . import yaml_text
from .document import Document, check, load, seal, unseal, values_of
from .files import write
from .key import Key
from .keyring import Keyring, MissingKeyError

_MODE = 0o644


@dataclass(frozen=True, slots=True)
class EncryptedFile:
    """``name`` is the path as the user writes it; values are bound to its last part."""

    name: str
    keyring: Keyring

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.keyring.root / self.name

    def places(self) -> dict[str, int]:
        """The line of each name; no key is needed."""
        document = self._read()
        return document.places() if document else {}

    def values(self) -> dict[str, str]:
        """Every name with its value; raises SecretError unless the file is as it was sealed."""
        return self._values(self._read())

    def set(self, name: str, value: str) -> None:
        """Set a value."""
        with self.keyring.lock():
            before = self._read()
            self._write_values(before, {**self._values(before), name: value})

    def remove(self, name: str) -> None:
        """Remove a name; raises SecretError if it is not there."""
        with self.keyring.lock():
            before = self._read()
            if before is None or name not in before.entries:
                raise SecretError.at("is not there", path=name, file=self.name)
            values = {n: v for n, v in self._values(before).items() if n != name}
            self._write_values(before, values)

    def edit(self, editor: Callable[[str], str]) -> tuple[str, ...]:
        """
        Change the values as text; return the names that were changed.

        The editor may take its time: nothing is written if the file has changed meanwhile.
        """
        document = self._read()
        before = self._values(document)
        after = yaml_text.read(editor(yaml_text.write(before)))
        with self.keyring.lock():
            if self._read() != document:
                what = "has been changed by another process"
                raise SecretError.at(what, "try again", file=self.name)
            self._write_values(document, after)
        return tuple(n for n in {**before, **after} if before.get(n) != after.get(n))

    def rotate(self, key: Key) -> None:
        """Encrypt all values with another key; the caller holds the keyring's lock."""
        self._write(seal(self.values(), key, self.name))

    def seal_again(self) -> tuple[str, ...]:
        """
        Accept the lines as they are, after a merge; return their names.

        Each value must still be one that was encrypted for its name and this file.
        """
        with self.keyring.lock():
            document = self._read()
            if document is None:
                return ()
            key = self._key(document)
            values = values_of(document, key, self.name)
            self._write(seal(values, key, self.name, document.entries))
        return tuple(document.entries)

    def _values(self, document: Document | None) -> dict[str, str]:
        return unseal(document, self._key(document), self.name) if document else {}

    def _write_values(self, document: Document | None, after: Mapping[str, str]) -> None:
        before = self._values(document)
        check(after, self.name)
        if list(after.items()) != list(before.items()):
            lines = document.entries if document else {}
            unchanged = {n: line for n, line in lines.items() if after.get(n) == before[n]}
            self._write(seal(after, self._key(document), self.name, unchanged))

    def _key(self, document: Document | None) -> Key:
        if document is None:
            return self.keyring.first()
        try:
            return self.keyring.find(document.key_id)
        except MissingKeyError as error:
            raise MissingKeyError(f"{self.name}: {error}") from None

    def _write(self, document: Document) -> None:
        mode = self.path.stat().st_mode & 0o777 if self.path.exists() else _MODE
        write(self.path, document.text.encode(), mode=mode)

    def _read(self) -> Document | None:
        return load(self.path, self.name)


def rotate_key(keyring: Keyring) -> Key:
    """
    Encrypt all files of a project with a new key, which is then the only one in the key file.

    A crash loses nothing: until the last file is written the key file holds old and new keys, and
    another rotation finishes. A key in KAMALPY_SECRETS_KEY has to be replaced where it was set.
    """
    with keyring.lock():
        files = [EncryptedFile(name, keyring) for name in keyring.files()]
        for file in files:
            file.values()  # raises before anything is changed
        key = Key.generate()
        keyring.write(key, *dict.fromkeys(keyring.keys()))
        for file in files:
            file.rotate(key)
        keyring.write(key)
    return key
