"""What every adapter has: a tool to ask, an account perhaps, and names to look up."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar, TypeVar

from pydantic import TypeAdapter, ValidationError

from kamalpy.errors import SecretError
from kamalpy.secrets.shell import Result, Shell

_Answer = TypeVar("_Answer")


class Adapter(ABC):
    """One password manager, asked through its own command-line tool."""

    title: ClassVar[str]
    """What people call it, for messages."""
    version: ClassVar[tuple[str, ...]] = ()
    """The command that works when the tool is installed."""
    needs_account: ClassVar[bool] = False
    prefixes: ClassVar[bool] = True
    """Whether ``--from`` stands before every name."""
    joins: ClassVar[bool] = False
    """Whether one call can serve what several lines of a secrets file ask for."""

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
        return list(dict.fromkeys(prefix + name for name in names))

    def answers(self, name: str, key: str) -> bool:
        """Tell whether a fetched key is what a wanted name asked for."""
        return key == name or key.startswith(f"{name}/")

    def ask(self, what: str, *words: str, environ: Mapping[str, str] | None = None) -> str:
        """Run the tool for its answer."""
        result = self.shell.tool(*words, environ=environ)
        if result.code != 0:
            raise SecretError(f"cannot read {what} from {self.title}: {result.failure}")
        return result.stdout

    def ask_for(
        self,
        kind: type[_Answer],
        what: str,
        *words: str,
        environ: Mapping[str, str] | None = None,
    ) -> _Answer:
        """Run the tool for an answer in JSON, which is never shown: it may hold secrets."""
        answer = self.ask(what, *words, environ=environ)
        try:
            return TypeAdapter(kind).validate_json(answer.encode("utf-8", "surrogateescape"))
        except ValidationError:
            raise SecretError(
                f'{self.title} gave an answer for {what} that is not understood; run "{words[0]}" '
                "by hand, and see whether it has to be updated"
            ) from None

    def refused(self, result: Result, remedy: str) -> SecretError:
        """Say that nobody could log in."""
        account = f" as {self.account}" if self.account else ""
        return SecretError(f"cannot log in to {self.title}{account}: {result.failure}; {remedy}")

    def missing(self, names: Sequence[str]) -> SecretError:
        """Say which names the tool does not know."""
        return SecretError(f"{self.title} does not know {', '.join(names)}; check the names")
