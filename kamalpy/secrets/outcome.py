"""What became of a definition: a value, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field

from kamalpy.errors import Problem, SecretError


@dataclass(frozen=True, slots=True)
class Value:
    """
    A value.

    ``is_meant`` tells that somebody wrote the empty string on purpose; ``is_fetched`` that it is
    the answer of a password manager, which stays one word wherever it is used.
    """

    text: str = field(repr=False)
    is_meant: bool = False
    is_fetched: bool = False


Outcome = Value | Problem


def usable(name: str, where: str, outcome: Outcome) -> str:
    """Give the text of a value; raises SecretError where there is none, or an empty one."""
    if isinstance(outcome, Problem):
        raise SecretError(str(outcome))
    if outcome.text or outcome.is_meant:
        return outcome.text
    how = f'write {name}="" if it may be empty'
    raise SecretError(str(Problem("comes out empty", how, path=name, file=where)))
