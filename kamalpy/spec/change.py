"""One difference between what is and what should be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SECRET = "(secret)"  # noqa: S105 - what is shown in the place of one


@dataclass(frozen=True, slots=True)
class Change:
    """A field, what it was, what it will be; ``None`` where there is nothing."""

    field: str
    was: str | None
    will: str | None

    def __str__(self) -> str:
        if self.was == self.will == SECRET:
            return f"{self.field}: changes {SECRET}"
        return f"{self.field}: {_shown(self.was)} -> {_shown(self.will)}"

    @property
    def sign(self) -> str:
        """Return ``+``, ``-`` or ``~``, as a diff would show it."""
        if self.was is None:
            return "+"
        return "-" if self.will is None else "~"


def compare(field: str, was: object, will: object) -> Iterable[Change]:
    """Yield the difference of one field, if there is one."""
    if was != will:
        yield Change(field, _text(was), _text(will))


def compare_sets(field: str, was: Iterable[str], will: Iterable[str]) -> Iterable[Change]:
    """Yield each element that goes and each that comes."""
    before, after = set(was), set(will)
    yield from (Change(field, each, None) for each in sorted(before - after))
    yield from (Change(field, None, each) for each in sorted(after - before))


def _shown(value: str | None) -> str:
    return "(none)" if value is None else value if value.isprintable() and value else repr(value)


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (frozenset, set)):
        return ", ".join(sorted(map(str, value))) or None
    if isinstance(value, (list, tuple)):
        return " ".join(map(str, value)) or None
    return str(value)
