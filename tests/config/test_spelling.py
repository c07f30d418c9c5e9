"""Hints for words that are not known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.reference.spelling import did_you_mean

MANY = [f"word{number}" for number in range(20)]
HINTS = [
    ("usrname", ["server", "username", "password"], "did you mean username?"),
    ("environment", ["env", "proxy"], "did you mean env?"),
    ("x", ["a", "b"], "known here: a, b"),
    ("x", MANY, "remove it, or see kamalpy docs for the keys that are known"),
    ("word1" * 20, ["word1"], "known here: word1"),
]


@pytest.mark.parametrize(("word", "known", "hint"), HINTS)
def test_hints(word: str, known: list[str], hint: str) -> None:
    assert did_you_mean(word, known) == hint


@given(st.text(), st.lists(st.text()))
def test_always_says_something(word: str, known: list[str]) -> None:
    assert did_you_mean(word, known)
