"""One secret: a name that may be shown, and a value that is read when it is needed, if any."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn, final

from kamalpy.errors import Problem, SecretError


@final
class Secret:
    """
    A reference to one value.

    It is printed as ``*NAME*``; only ``reveal()`` returns the value. It equals any reference of
    the same name, so that host data, operation arguments and sets never compare values.
    """

    __slots__ = ("_name", "_read")

    _name: str
    _read: Callable[[], str]

    def __init__(self, name: str, read: Callable[[], str]) -> None:
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_read", read)

    @classmethod
    def of(cls, name: str, value: str) -> Secret:
        """Make a secret from a value that is in no file."""
        return cls(name, lambda: value)

    @property
    def name(self) -> str:
        """The name, which is no secret."""
        return self._name

    def reveal(self) -> str:
        """Read the value; raises SecretError if there is none."""
        return self._read()

    def __repr__(self) -> str:
        return f"*{self._name}*"

    def __eq__(self, other: object) -> bool:
        return self._name == other._name if isinstance(other, Secret) else NotImplemented

    def __hash__(self) -> int:
        return hash((Secret, self._name))

    def __setattr__(self, key: str, value: object) -> NoReturn:
        raise AttributeError(f"a secret cannot be changed: {key}")

    def __delattr__(self, key: str) -> NoReturn:
        raise AttributeError(f"a secret cannot be changed: {key}")

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Secret:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(f"{self} cannot be pickled: its value would be written down")


@dataclass(frozen=True, slots=True)
class Value:
    """
    A value.

    ``is_explicit``: an empty value is intended; ``is_fetched``: a password manager returned it, so
    that it stays one word wherever it is used.
    """

    text: str = field(repr=False)
    is_explicit: bool = False
    is_fetched: bool = False


Outcome = Value | Problem


def usable_text(name: str, where: str, outcome: Outcome) -> str:
    """Return the text of a value; raises SecretError if there is none, or if it is empty."""
    if isinstance(outcome, Problem):
        raise SecretError(str(outcome))
    if outcome.text or outcome.is_explicit:
        return outcome.text
    how = f'write {name}="" if it may be empty'
    raise SecretError.at("comes out empty", how, path=name, file=where)
