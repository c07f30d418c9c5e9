"""The base of the adapters: a command-line tool, perhaps an account, and names to look up."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from kamalpy.errors import SecretError
from kamalpy.secrets.shell import Result, Shell

_Read = TypeVar("_Read")
_Key = TypeVar("_Key", bound=Hashable)
_WRONG_SHAPE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


class Adapter(ABC):
    """One password manager, read by its own command-line tool."""

    title: ClassVar[str]
    """Its name in messages."""
    version: ClassVar[tuple[str, ...]] = ()
    """The command that succeeds if the tool is installed."""
    needs_account: ClassVar[bool] = False
    source_is_prefix: ClassVar[bool] = True
    """Whether ``--from`` is a prefix of every name."""
    is_batched: ClassVar[bool] = False
    """Whether one call can fetch what several lines of a secrets file need."""
    path_word: ClassVar[str] = ""
    """What the path of a name means, where the keys of the output are names without it."""

    def __init__(self, shell: Shell, account: str | None = None) -> None:
        self.shell = shell
        self.account = account or ""

    def prepare(self) -> None:
        """Check what is needed before the first fetch, and log in."""
        if self.needs_account and not self.account:
            raise SecretError(f"{self.title} needs an account; add --account")
        if self.version and self.shell.tool(*self.version).code != 0:
            raise SecretError(
                f"{self.title} is read with the command {self.version[0]}, which is not installed "
                f'or does not work; install it so that "{" ".join(self.version)}" succeeds'
            )
        self.login()

    def login(self) -> None:
        """Open a session, where the tool has any."""
        return

    @abstractmethod
    def fetch(self, names: Sequence[str], source: str | None) -> dict[str, str]:
        """Look names up; raises SecretError when one is missing."""

    def full_names(self, names: Sequence[str], source: str | None) -> list[str]:
        """Return the names as the tool expects them, without duplicates."""
        if not names:
            raise SecretError(f"nothing to fetch from {self.title}; add the names of secrets")
        prefix = f"{source}/" if self.source_is_prefix and source is not None else ""
        wanted = list(dict.fromkeys(prefix + name for name in names))
        count = Counter(name.rpartition("/")[2] for name in wanted)
        if self.path_word and (twins := [name for name, number in count.items() if number > 1]):
            raise SecretError(
                f"{', '.join(twins)} would come from several {self.path_word}s of {self.title}; "
                f"fetch each {self.path_word} in a line of its own"
            )
        return wanted

    def matches(self, name: str, key: str) -> bool:
        """Return whether a fetched key belongs to a name."""
        if self.path_word:
            name = name.rpartition("/")[2]
        return key == name or key.startswith(f"{name}/")

    def complete(self, found: dict[str, str], names: Iterable[str]) -> dict[str, str]:
        """Return what was found; raises SecretError unless it has every name."""
        if missing := [n for n in names if not any(self.matches(n, key) for key in found)]:
            raise self.missing(missing)
        return found

    def read(self, what: str, *words: str, environ: Mapping[str, str] | None = None) -> str:
        """Run the tool and return its output."""
        result = self.shell.tool(*words, environ=environ)
        if result.code != 0:
            raise SecretError(f"cannot read {what} from {self.title}: {result.failure}")
        return result.stdout

    def read_json(
        self,
        read: Callable[[Any], _Read],
        what: str,
        *words: str,
        environ: Mapping[str, str] | None = None,
    ) -> _Read:
        """Run the tool and parse its JSON, which is never shown: it may hold secrets."""
        answer = self.read(what, *words, environ=environ)
        try:
            return read(json.loads(answer))
        except _WRONG_SHAPE:
            raise SecretError(
                f'{self.title} gave an answer for {what} that is not understood; run "{words[0]}" '
                "by hand, and see whether it has to be updated"
            ) from None

    def log_in(self, *words: str, remedy: str, interactive: bool = True) -> str:
        """Run a command that opens a session, or shows that there is one."""
        result = self.shell.tool(*words, interactive=interactive)
        if result.code != 0:
            raise self.refused(result, remedy)
        return result.stdout.strip()

    def refused(self, result: Result, remedy: str) -> SecretError:
        """Return the error of a failed login."""
        account = f" as {self.account}" if self.account else ""
        return SecretError(f"cannot log in to {self.title}{account}: {result.failure}; {remedy}")

    def missing(self, names: Iterable[str]) -> SecretError:
        """Return the error of unknown names."""
        return SecretError(f"{self.title} does not know {', '.join(names)}; check the names")


def text(value: Any) -> str:
    """Return a value that has to be a string."""
    if not isinstance(value, str):
        raise TypeError("no string")
    return value


def grouped(pairs: Iterable[tuple[_Key, str]]) -> dict[_Key, list[str]]:
    """Group names by what one call can fetch."""
    groups: dict[_Key, list[str]] = {}
    for key, name in pairs:
        groups.setdefault(key, []).append(name)
    return groups
