"""Suggestions for a misspelt word, and plurals."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

LONGEST_LIST = 12
LONGEST_WORD = 40
SHORTEST_STEM = 3


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Name the known word that is closest; list all of them when none is, if they are few."""
    words = list(known)
    close = closest(word, words)
    if close is not None:
        return f"did you mean {close}?"
    if len(words) <= LONGEST_LIST:
        return f"known here: {', '.join(words)}"
    return "remove it, or see kamalpy docs for the keys that are known"


def closest(word: str, words: list[str]) -> str | None:
    """Find the known word that is closest, None when none is close."""
    if len(word) > LONGEST_WORD:
        return None
    close = difflib.get_close_matches(word, words, n=1)
    stems = (w for w in words if len(w) >= SHORTEST_STEM and word.startswith(w))
    return close[0] if close else next(stems, None)


def count(number: int, noun: str) -> str:
    """Return a number with its noun: 1 host, 2 hosts."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
