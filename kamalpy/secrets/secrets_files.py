"""The secrets files of one destination: plain ones, and encrypted ones with lower precedence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kamalpy.dotenv import Line, parse
from kamalpy.errors import Problem, SecretError

from .encrypted import EncryptedFile, MissingKeyError, is_encrypted
from .evaluation import Evaluation
from .fetching import Fetcher
from .kamal_commands import requests
from .secret import Outcome, Value
from .shell import Shell
from .text import decode

_REFERENCE = re.compile(r"\$\{?([A-Za-z_]\w*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class SecretsFiles:
    """The files before evaluation; later files override earlier ones."""

    encrypted: tuple[EncryptedFile, ...]
    plain: Mapping[str, tuple[Line, ...]]
    places: Mapping[str, str]

    @property
    def references(self) -> dict[str, frozenset[str]]:
        """The names that the line of each name refers to, in its value or in a command."""
        return {
            line.name: frozenset(_REFERENCE.findall(line.text)) & self.places.keys() - {line.name}
            for lines in self.plain.values()
            for line in lines
            if line.quote != "'"
        }


def read(root: Path, plain: Sequence[str], encrypted: Sequence[EncryptedFile]) -> SecretsFiles:
    """Read the files that exist; raises SecretError if one cannot be read."""
    lines = {name: found for name in plain if (found := _lines(root, name)) is not None}
    places = {n: f"{file.name}:{at}" for file in encrypted for n, at in file.places().items()}
    places |= {line.name: f"{file}:{line.number}" for file, ls in lines.items() for line in ls}
    return SecretsFiles(tuple(encrypted), lines, places)


def evaluate(files: SecretsFiles, shell: Shell, runs_commands: bool = True) -> dict[str, Outcome]:
    """Evaluate every name: a value, or the problem with it."""
    encrypted: dict[str, Outcome] = {}
    for file in files.encrypted:
        encrypted |= _decrypted(file)
    fetcher = Fetcher(shell)
    for lines in files.plain.values():
        fetcher.expect(requests(lines, shell.environ, encrypted))
    found = dict(encrypted)
    for name, lines in files.plain.items():
        found |= Evaluation(name, shell, fetcher, encrypted, runs_commands).run(lines)
    return found


def _decrypted(file: EncryptedFile) -> dict[str, Outcome]:
    try:
        return {name: Value(text, is_explicit=True) for name, text in file.values().items()}
    except MissingKeyError as error:
        # No key is needed where none of its names is used.
        return {name: Problem(str(error), path=name) for name in file.places()}


def _lines(root: Path, name: str) -> tuple[Line, ...] | None:
    try:
        text = decode((root / name).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        how = "it should be a file that you can read"
        raise SecretError.at(f"cannot be read: {error.strerror}", how, file=name) from None
    if is_encrypted(text):
        raise SecretError.at("is encrypted", "no destination can be called enc", file=name)
    return parse(text)
