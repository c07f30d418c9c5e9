"""Versions as RubyGems orders them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.config.gem_version import is_version, newer

ORDERED = ["1.0.a", "1.0.b", "1.0", "1.0.1", "1.9", "1.10", "2.12.0.rc1", "2.12", "2.12.0.1", "3"]


def test_order() -> None:
    for position, one in enumerate(ORDERED):
        for other in ORDERED[:position]:
            assert newer(one, other)
            assert not newer(other, one)


EQUAL = [("2.12", "2.12.0"), ("1", "1.0.0"), ("2.12.0-1", "2.12.0.pre.1")]


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_equal(one: str, other: str) -> None:
    assert not newer(one, other)
    assert not newer(other, one)


@pytest.mark.parametrize("text", ["2", "2.12.0", " 2.0 ", "2.0.rc1", "2.0-1", ""])
def test_versions(text: str) -> None:
    assert is_version(text)


@pytest.mark.parametrize("text", ["v2", "abc", "2..0", ">= 2", "2.", "-1"])
def test_no_versions(text: str) -> None:
    assert not is_version(text)


VERSIONS = st.lists(st.integers(0, 99).map(str), min_size=1).map(".".join)


@given(VERSIONS, VERSIONS)
def test_at_most_one_is_newer(one: str, other: str) -> None:
    assert not (newer(one, other) and newer(other, one))
