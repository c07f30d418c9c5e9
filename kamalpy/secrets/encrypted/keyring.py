"""Where keys are found: ``KAMALPY_SECRETS_KEY``, then a key file that no other user can read."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kamalpy.errors import SecretError

from .document import load
from .files import ignore, write
from .key import Key

VARIABLE = "KAMALPY_SECRETS_KEY"


class MissingKeyError(SecretError):
    """No key for a file that may be intact."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """
    The keys of one project, whose secrets are in ``secrets`` (``.kamal/secrets``).

    Both places may hold several keys, one a line: the first is for new files, the others are
    those of existing files.
    """

    root: Path
    secrets: str
    environ: Mapping[str, str] = field(repr=False)

    @property
    def name(self) -> str:
        """The key file, as the user writes it."""
        return f"{self.secrets}.key"

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Lock the keys and encrypted files of this project against other processes."""
        handle = os.open(self.root, os.O_RDONLY)  # a folder can be locked: no file stays behind
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def keys(self) -> tuple[Key, ...]:
        """All keys; raises SecretError if a place cannot be read, or be trusted."""
        return (*_parsed(self.environ.get(VARIABLE, ""), VARIABLE), *self._in_file())

    def find(self, id: str) -> Key:
        """Find a key by its id."""
        keys = self.keys()
        for key in keys:
            if key.id == id:
                return key
        other = f", not {' or '.join(key.id for key in keys)}" if keys else ""
        raise MissingKeyError(f"its key is {id}{other}; {self._remedy}")

    def first(self) -> Key:
        """Find the key for a new file: that of the others, or a new one for the first."""
        keys, others = self.keys(), {}
        for name in self.files():
            if document := load(self.root / name, name):
                others[document.key_id] = name
        for key in keys:
            if key.id in others:
                return key
        if others:
            names = ", ".join(others.values())
            raise MissingKeyError(f"the key that {names} has is not at hand; {self._remedy}")
        return keys[0] if keys else self.generate()

    def generate(self) -> Key:
        """Make a key and write it before those in the key file."""
        key = Key.generate()
        self.write(key, *self._in_file())
        return key

    def write(self, *keys: Key) -> None:
        """Write the key file, after making git and docker ignore it."""
        ignore(self.root, self.name)
        lines = "".join(f"{key.text}\n" for key in keys)
        write(self.root / self.name, lines.encode(), mode=0o600)

    def files(self) -> tuple[str, ...]:
        """The encrypted files of the project, whatever their destination."""
        path = self.root / self.secrets
        found = (*path.parent.glob(f"{path.name}*.enc"),)
        folder = Path(self.secrets).parent
        return tuple(sorted(str(folder / p.name) for p in found if self._is_ours(p.name)))

    def _is_ours(self, name: str) -> bool:
        middle = name.removeprefix(Path(self.secrets).name).removesuffix(".enc")
        return middle in {"", "-common"} or middle.startswith(".")

    @property
    def _remedy(self) -> str:
        return f"set {VARIABLE}, or put the key into {self.name}"

    def _in_file(self) -> tuple[Key, ...]:
        path, how = self.root / self.name, f"chmod 600 {self.name}"
        try:
            mode = path.stat().st_mode & 0o777
            if mode & 0o077:
                what = f"can be read by others, its mode is {mode:04o}"
                raise SecretError.at(what, how, file=self.name)
            return _parsed(path.read_text("utf-8", "replace"), self.name)
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise SecretError.at(f"cannot be read: {error.strerror}", how, file=self.name) from None


def _parsed(text: str, where: str) -> tuple[Key, ...]:
    keys = []
    for word in text.split():
        key = Key.parse(word)
        if key is None:
            how = "a key is 43 letters, digits, - and _"
            raise SecretError.at("holds something that is no key", how, file=where)
        keys.append(key)
    return tuple(keys)
