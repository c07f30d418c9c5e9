"""What every adapter has: a tool to ask, an account perhaps, and names to look up."""

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
    """One password manager, asked through its own command-line tool."""

    title: ClassVar[str]
    """What people call it, for messages."""
    version: ClassVar[tuple[str, ...]] = ()
    """The command that works when the tool is installed."""
    needs_account: ClassVar[bool] = False
    prefixes: ClassVar[bool] = True
    """Whether ``--from`` is a prefix of every name."""
    joins: ClassVar[bool] = False
    """Whether one call can serve what several lines of a secrets file ask for."""
    strips: ClassVar[str] = ""
    """What the path of a name is, where the keys of an answer are names without it."""

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

    def wanted(self, names: Sequence[str], source: str | None) -> list[str]:
        """Give the names as the tool knows them, each once; there must be some."""
        if not names:
            raise SecretError(f"nothing to fetch from {self.title}; add the names of secrets")
        prefix = f"{source}/" if self.prefixes and source is not None else ""
        wanted = list(dict.fromkeys(prefix + name for name in names))
        count = Counter(name.rpartition("/")[2] for name in wanted)
        if self.strips and (twins := [name for name, number in count.items() if number > 1]):
            raise SecretError(
                f"{', '.join(twins)} would come from several {self.strips}s of {self.title}; "
                f"fetch each {self.strips} in a line of its own"
            )
        return wanted

    def answers(self, name: str, key: str) -> bool:
        """Tell whether a fetched key is what a wanted name asked for."""
        if self.strips:
            name = name.rpartition("/")[2]
        return key == name or key.startswith(f"{name}/")

    def complete(self, found: dict[str, str], names: Iterable[str]) -> dict[str, str]:
        """Return what was found; raises SecretError unless it answers every name."""
        if missing := [n for n in names if not any(self.answers(n, key) for key in found)]:
            raise self.missing(missing)
        return found

    def ask(self, what: str, *words: str, environ: Mapping[str, str] | None = None) -> str:
        """Run the tool for its answer."""
        result = self.shell.tool(*words, environ=environ)
        if result.code != 0:
            raise SecretError(f"cannot read {what} from {self.title}: {result.failure}")
        return result.stdout

    def ask_for(
        self,
        read: Callable[[Any], _Read],
        what: str,
        *words: str,
        environ: Mapping[str, str] | None = None,
    ) -> _Read:
        """Run the tool and read its JSON, which is never shown: it may hold secrets."""
        answer = self.ask(what, *words, environ=environ)
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
        """Return the error of names that the tool does not know."""
        return SecretError(f"{self.title} does not know {', '.join(names)}; check the names")


def text(value: Any) -> str:
    """Return a string of an answer; anything else is not what the tool should answer."""
    if not isinstance(value, str):
        raise TypeError("no string")
    return value


def grouped(pairs: Iterable[tuple[_Key, str]]) -> dict[_Key, list[str]]:
    """Collect names by what one call can ask for."""
    groups: dict[_Key, list[str]] = {}
    for key, name in pairs:
        groups.setdefault(key, []).append(name)
    return groups
