"""Encrypted secrets as people edit them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.errors import SecretError
from kamalpy.secrets.encrypted.yaml_text import read, write

HEAD = "# NAME: value. Values are text; quote those that begin with a sign or hold ` #`.\n"
NAMES = st.from_regex(r"[A-Za-z0-9_.]{1,8}", fullmatch=True)
VALUES = st.text(st.characters(exclude_categories=["Cs"])) | st.binary().map(
    lambda b: b.decode("utf-8", "surrogateescape")
)


def test_what_an_editor_shows():
    values = {
        "PLAIN": "pa$word#1",
        "ANSWER": "yes",
        "NUMBER": "0123",
        "COMMENT": "a #b",
        "PEM": "-----BEGIN KEY-----\nAAAA\n-----END KEY-----\n",
        "RETURN": "a\r\n",
        "EMPTY": "",
    }

    assert write(values) == (
        HEAD
        + "PLAIN: pa$word#1\n"
        + "ANSWER: 'yes'\n"
        + "NUMBER: '0123'\n"
        + "COMMENT: 'a #b'\n"
        + "PEM: |\n"
        + "  -----BEGIN KEY-----\n"
        + "  AAAA\n"
        + "  -----END KEY-----\n"
        + 'RETURN: "a\\r\\n"\n'
        + "EMPTY: ''\n"
    )
    assert write({}) == HEAD


@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_what_is_shown_is_read_again(values):
    assert read(write(values)) == values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("# nothing\n", {}),
        ("A: pa$word", {"A": "pa$word"}),
        ("A: yes\nB: 0123\nC: 1.50\nD: ~", {"A": "yes", "B": "0123", "C": "1.50", "D": "~"}),
        ("A:\nB: ''", {"A": "", "B": ""}),
        ("A: 'x'  # why", {"A": "x"}),
        ("A: |\n  x\n  y\n", {"A": "x\ny\n"}),
        ("\ufeffA: x\r\nB: y", {"A": "x", "B": "y"}),
    ],
)
def test_every_value_is_text(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        *[
            (f"B: c\nA: {value}", ":2: the value of A is no plain text; put it in quotes")
            for value in ("!hunter2", "&hunter2 x", "hunter2 #x", "hunter2\n  x", "{x: y}", "[x]")
        ],
        *[
            (f"A: {value}", ":1: is no YAML; quote values that begin with a sign")
            for value in ("*hunter2", "%hunter2", "@hunter2", "hunter2: x", "'hunter2")
        ],
        ("A: \x07", ": is no YAML; remove control characters"),
        ("hunter2", ":1: is no list of names and values; write NAME: value in every line"),
        ("- hunter2", ":1: is no list of names and values; write NAME: value in every line"),
        ("A: b\nA: c", ":2: A is there twice; remove one of them"),
        ("A-B: c", ":1: is no name of a secret; names have letters, digits, _ and . only"),
        ("[A]: c", ":1: is no name of a secret; names have letters, digits, _ and . only"),
    ],
)
def test_what_yaml_would_take_for_something_else_is_refused(text, message):
    with pytest.raises(SecretError) as error:
        read(text)
    assert str(error.value) == f"edited secrets{message}"


@given(st.text(alphabet="AB:#'\"|>&*!%@{}[],?-~ \n\\x\0\t"))
def test_hostile_text_is_refused_or_read(text):
    try:
        found = [*read(text).values()]
    except SecretError as error:
        found = [str(error)]
    assert all(isinstance(value, str) for value in found)
