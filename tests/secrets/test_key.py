"""The key: it opens what it has sealed, for the same purpose, if nobody has touched it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.secrets.encrypted import Key
from kamalpy.secrets.encrypted.key import from_text, to_text

KEY, OTHER = Key(bytes(range(32))), Key(bytes(32))
TEXT = st.binary().map(lambda b: b.decode("utf-8", "surrogateescape"))


@given(TEXT, TEXT, TEXT)
def test_what_is_sealed_can_be_opened(value, file, name):
    sealed = KEY.seal(value, file, name)

    assert KEY.open(sealed, file, name) == value
    assert KEY.open(sealed, name, file) == (value if name == file else None)
    assert KEY.open(sealed, f"{file}{name}") is None
    assert OTHER.open(sealed, file, name) is None


@given(TEXT, st.data())
def test_whoever_changes_anything_is_noticed(value, data):
    sealed = KEY.seal(value, "x")
    at = data.draw(st.integers(0, len(sealed) - 1))
    letter = data.draw(
        st.sampled_from("abcdefABCDEF0123456789-_ =\n").filter(lambda c: c != sealed[at])
    )

    assert KEY.open(sealed[:at] + letter + sealed[at + 1 :], "x") is None
    assert KEY.open(sealed[:at], "x") is None


@given(TEXT)
def test_the_same_value_is_sealed_in_many_ways(value):
    assert KEY.seal(value) != KEY.seal(value)


def test_lengths_are_hidden_to_32_bytes():
    lengths = {len(KEY.seal("x" * length)) for length in range(32)}

    assert len(lengths) == 1


@given(TEXT, TEXT, TEXT)
def test_signatures(text, context, other):
    signature = KEY.sign(text, context)

    assert KEY.is_signed(text, signature, context)
    assert KEY.is_signed(text, signature, other) is (other == context)
    assert KEY.is_signed(other, signature, context) is (other == text)
    assert not OTHER.is_signed(text, signature, context)
    assert not KEY.is_signed(text, other, context)


def test_a_key_is_text_in_its_file():
    key = Key.generate()

    assert Key.parse(key.text) == key
    assert len(key.text) == 43
    assert key != Key.generate()


@pytest.mark.parametrize(
    "text",
    ["", "x", KEY.text[:-1], f"{KEY.text}x", f"{KEY.text[:-1]}é", KEY.text.replace("A", "!")],
)
def test_no_key(text):
    assert Key.parse(text) is None


def test_shows_its_id_only():
    assert repr(KEY) == "Key()"
    assert (KEY.id, OTHER.id) == ("ac96f90d152dc341", "45972c86ab869da6")


@given(st.binary())
def test_bytes_as_text(content):
    assert from_text(to_text(content)) == content


@given(st.text(alphabet="ABab01-_=+/ \n"))
def test_bytes_are_written_in_one_way(text):
    try:
        written = to_text(from_text(text))
    except ValueError:
        written = text
    assert written == text
