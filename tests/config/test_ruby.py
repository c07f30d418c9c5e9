"""How values are printed and named."""

from __future__ import annotations

from typing import Any

import pytest

from kamalpy.config.document.ruby import NonStringKey, Symbol, is_blank, kind, to_s

PRINTED = [
    (None, ""),
    (True, "true"),
    (False, "false"),
    (5, "5"),
    ("text", "text"),
    (Symbol("verbose"), "verbose"),
    (1.1, "1.1"),
    (100.0, "100.0"),
    (-0.0, "-0.0"),
    (0.0001, "0.0001"),
    (0.00001, "1.0e-05"),
    (1.5e-5, "1.5e-05"),
    (999999999999999.0, "999999999999999.0"),
    (1e15, "1.0e+15"),
    (9999999999999998.0, "9.999999999999998e+15"),
    (-1e22, "-1.0e+22"),
    (float("inf"), "Infinity"),
    (float("-inf"), "-Infinity"),
    (float("nan"), "NaN"),
]


@pytest.mark.parametrize(("value", "printed"), PRINTED)
def test_prints_as_ruby_does(value: Any, printed: str) -> None:
    assert printed == to_s(value)


NAMES = [
    (None, "nothing (null)"),
    ("", "a string"),
    (Symbol("a"), "a string"),
    (1, "an integer"),
    (1.5, "a float"),
    (False, "a boolean"),
    ([], "an array"),
    ({}, "a hash"),
]


@pytest.mark.parametrize(("value", "name"), NAMES)
def test_names_what_a_value_is(value: Any, name: str) -> None:
    assert name == kind(value)


def test_a_key_that_is_no_string_is_equal_to_none() -> None:
    assert {NonStringKey(80): 1}.get("80") is None
    assert {NonStringKey(80): 1}[NonStringKey(80)] == 1
    assert NonStringKey(80) != "80"
    assert [str(NonStringKey(key)) for key in (80, True, None, Symbol("a"))] == [
        "80",
        "true",
        "",
        ":a",
    ]


@pytest.mark.parametrize("value", [None, False, "", " \n", [], {}])
def test_blank(value: Any) -> None:
    assert is_blank(value)


@pytest.mark.parametrize("value", [True, 0, "a", [None], {"a": None}])
def test_not_blank(value: Any) -> None:
    assert not is_blank(value)
