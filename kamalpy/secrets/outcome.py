"""The outcome of a definition: a value, or the problem with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from kamalpy.errors import Problem, SecretError


@dataclass(frozen=True, slots=True)
class Value:
    """
    A value.

    ``is_meant``: an empty value was written on purpose; ``is_fetched``: a password manager returned
    it, so that it stays one word wherever it is used.
    """

    text: str = field(repr=False)
    is_meant: bool = False
    is_fetched: bool = False


Outcome = Value | Problem


def usable(name: str, where: str, outcome: Outcome) -> str:
    """Return the text of a value; raises SecretError if there is none, or if it is empty."""
    if isinstance(outcome, Problem):
        raise SecretError(str(outcome))
    if outcome.text or outcome.is_meant:
        return outcome.text
    how = f'write {name}="" if it may be empty'
    raise SecretError(str(Problem("comes out empty", how, path=name, file=where)))
