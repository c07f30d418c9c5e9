"""One value out of the result of a fetch."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.errors import SecretError
from kamalpy.secrets.extract import extract


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({"foo": "x"}, "x"),
        ({"a/foo": "x"}, "x"),
        ({"a/b/foo": "x", "c/foo": "y"}, "x"),
        ({"a/foo": "x", "foo": "y"}, "y"),
        ({"foo": None, "a/foo": "y"}, "y"),
        ({"foo": ""}, ""),
        ({"foo": 5432}, "5432"),
        ({"foo": False}, "false"),
        ({"foo": {"a": [1, "é"]}}, '{"a":[1,"é"]}'),
    ],
)
def test_a_key_or_the_end_of_one(found, expected):
    assert extract("foo", json.dumps(found)) == expected


@given(st.text(), st.text())
def test_values_are_untouched(name, value):
    assert extract(name, json.dumps({name: value})) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"bar":"x","a/barfoo":"y"}', "foo is not in what was fetched; that holds bar, a/barfoo"),
        ("{}", "foo is not in what was fetched; that holds nothing"),
        ('{"foo":null}', "foo is not in what was fetched; that holds foo"),
        *[
            (
                text,
                "foo cannot be extracted from something that is not JSON; "
                "give it the result of `kamal secrets fetch`",
            )
            for text in ("", "hunter2", '"hunter2"', "[1]", "{", "[" * 100_000)
        ],
    ],
)
def test_what_is_not_there(text, message):
    with pytest.raises(SecretError) as error:
        extract("foo", text)
    assert str(error.value) == message
