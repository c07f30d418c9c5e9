"""A secret shows its name, and its value to those who ask for it."""

from __future__ import annotations

import copy
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.secrets import Secret

SECRET = Secret.of("DB_PASSWORD", "hunter2")


@pytest.mark.parametrize("show", [str, repr, format, "{}".format, "{!r}".format, "%s".__mod__])
def test_shows_its_name(show):
    assert show(SECRET) == "*DB_PASSWORD*"


def test_reveals_its_value():
    assert SECRET.reveal() == "hunter2"


def test_is_read_when_it_is_revealed():
    reads = []
    secret = Secret("A", lambda: reads.append("read") or "value")

    assert reads == []
    assert (secret.reveal(), reads) == ("value", ["read"])


@given(st.text(), st.text(), st.text(), st.text())
def test_is_equal_by_name(name, other, value, another):
    secret = Secret.of(name, value)

    assert secret == Secret.of(name, another)
    assert hash(secret) == hash(Secret.of(name, another))
    assert (secret == Secret.of(other, value)) is (name == other)
    assert secret != name


@pytest.mark.parametrize("copying", [copy.copy, copy.deepcopy])
def test_a_copy_is_the_secret(copying):
    assert copying(SECRET) is SECRET


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_cannot_be_pickled(protocol):
    with pytest.raises(TypeError) as error:
        pickle.dumps([SECRET], protocol)
    assert str(error.value) == "*DB_PASSWORD* cannot be pickled: its value would be written down"


def test_cannot_become_json():
    with pytest.raises(TypeError):
        json.dumps(SECRET)


def test_cannot_be_changed():
    with pytest.raises(AttributeError):
        SECRET._name = "OTHER"
    with pytest.raises(AttributeError):
        del SECRET._read
    with pytest.raises(AttributeError):
        SECRET.note = "x"


def test_holds_its_value_nowhere_in_sight():
    with pytest.raises(TypeError):
        vars(SECRET)
    assert "hunter2" not in repr([getattr(SECRET, name) for name in Secret.__slots__])
