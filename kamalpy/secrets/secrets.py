"""All secrets of one destination: the files they come from, and their values."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from kamalpy.dotenv import is_name
from kamalpy.errors import Problem, SecretError

from .secret import Outcome, Secret, Value, usable_text

if TYPE_CHECKING:
    from .encrypted import EncryptedFile
    from .secrets_files import SecretsFiles


class Secrets:
    """
    What ``.kamal/secrets`` and its companions define.

    Nothing is read before the first use. The first use of a value evaluates all lines of all
    files, once, under a lock; the error of a name is raised where that name is used.
    ``on_value`` is called with every name and value then, so that all of them are masked.
    """

    def __init__(
        self,
        path: str | Path = ".kamal/secrets",
        *,
        destination: str | None = None,
        root: Path | None = None,
        environ: Mapping[str, str] | None = None,
        on_value: Callable[[str, str], None] | None = None,
    ) -> None:
        self._path = str(path)
        self._destination = destination
        self._root = Path.cwd() if root is None else Path(root).absolute()
        self._environ = environ
        self._on_value = on_value
        self._lock = threading.RLock()
        self._files_read: SecretsFiles | None = None
        self._outcomes: Mapping[str, Outcome] | None = None

    @property
    def candidates(self) -> tuple[str, ...]:
        """The files that may define secrets, spelled as the user would; later ones win."""
        own = f"{self._path}.{self._destination}" if self._destination else self._path
        return f"{self._path}-common", own

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that exist, encrypted ones first: those only fill in what others leave out."""
        return tuple(self._root / name for name in self._existing())

    @property
    def encrypted(self) -> EncryptedFile:
        """The encrypted file of this destination, which need not exist."""
        return self._encrypted()[-1]

    @property
    def encrypted_common(self) -> EncryptedFile:
        """The encrypted file of all destinations, which need not exist."""
        return self._encrypted()[0]

    def value(self, name: str) -> str:
        """Read one value; raises SecretError if there is none, or if it is empty by accident."""
        outcome = self._evaluated().get(name)
        if outcome is None:
            raise SecretError(str(self._unknown(name)))
        return usable_text(name, self.definitions()[name], outcome)

    def secret(self, name: str) -> Secret:
        """Return a reference to a secret, which is read when it is revealed."""
        return Secret(name, lambda: self.value(name))

    def names(self) -> tuple[str, ...]:
        """Every name that is defined; nothing is evaluated."""
        return tuple(self._read().places)

    def definitions(self) -> Mapping[str, str]:
        """Where each name is defined, as ``file:line``; nothing is evaluated."""
        return self._read().places

    def dependencies(self, name: str) -> frozenset[str]:
        """Find the names that a value is made of, directly or not; nothing is evaluated."""
        links = self._read().references
        found: set[str] = set()
        ahead = {name}
        while ahead:
            ahead = {each for one in ahead for each in links.get(one, ())} - found
            found |= ahead
        return frozenset(found - {name})

    def items(self) -> Mapping[str, str]:
        """Every name that has a value, empty ones included; ``problems()`` has the others."""
        found = self._evaluated().items()
        return {name: value.text for name, value in found if isinstance(value, Value)}

    def static_values(self) -> Mapping[str, str]:
        """Every value that is known without running a command or opening a password manager."""
        found = self._evaluate(runs_commands=False).items()
        return {name: value.text for name, value in found if isinstance(value, Value)}

    def problems(self) -> Mapping[str, SecretError]:
        """Every name that has no value, with what ``value()`` would raise."""
        found = self._evaluated().items()
        return {name: SecretError(str(p)) for name, p in found if isinstance(p, Problem)}

    def _unknown(self, name: str) -> Problem:
        if existing := self._existing():
            what = f"is not defined in {', '.join(existing)}"
        else:
            what = f"is not defined: neither {' nor '.join(self.candidates)} exists"
        return Problem(what, self._remedy(name), path=name)

    def _remedy(self, name: str) -> str:
        if not is_name(name):
            return "names have letters, digits, _ and . only"
        if close := get_close_matches(name, self.names(), n=1, cutoff=0.8):
            return f"did you mean {close[0]}?"
        return f"add {name}=... to {self.candidates[-1]}"

    def _read(self) -> SecretsFiles:
        with self._lock:
            if self._files_read is None:
                from .secrets_files import read

                self._files_read = read(self._root, self.candidates, self._encrypted())
            return self._files_read

    def _evaluated(self) -> Mapping[str, Outcome]:
        with self._lock:
            if self._outcomes is None:
                self._outcomes = MappingProxyType(self._evaluate(runs_commands=True))
                for name, outcome in self._outcomes.items():
                    if self._on_value is not None and isinstance(outcome, Value):
                        self._on_value(name, outcome.text)
            return self._outcomes

    def _evaluate(self, *, runs_commands: bool) -> dict[str, Outcome]:
        from .secrets_files import evaluate
        from .shell import Shell

        return evaluate(self._read(), Shell(self._root, self._environment()), runs_commands)

    def _existing(self) -> list[str]:
        names = (*(file.name for file in self._encrypted()), *self.candidates)
        return [name for name in names if (self._root / name).exists()]

    def _encrypted(self) -> list[EncryptedFile]:
        from .encrypted import EncryptedFile, Keyring

        keyring = Keyring(self._root, self._path, self._environment())
        return [EncryptedFile(f"{name}.enc", keyring) for name in self.candidates]

    def _environment(self) -> dict[str, str]:
        environ = dict(os.environ if self._environ is None else self._environ)
        environ.pop("KAMAL_DESTINATION", None)
        if self._destination:
            environ["KAMAL_DESTINATION"] = self._destination
        return environ
