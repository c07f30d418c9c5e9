"""Unquoted words, as Psych 5 reads them (asked with ``YAML.unsafe_load``)."""

from __future__ import annotations

import math
from datetime import date, datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.config.document.ruby import Octal, Symbol
from kamalpy.config.document.scalars import scan

WORDS = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "nil": "nil",
    "yes": True,
    "Yes": True,
    "on": True,
    "ON": True,
    "true": True,
    "tRue": True,
    "no": False,
    "off": False,
    "FALSE": False,
    "y": "y",
    "N": "N",
    "yeso": "yeso",
    "0": 0,
    "-0": 0,
    "5": 5,
    "+5": 5,
    "-5": -5,
    "1_000": 1000,
    "1,000": 1000,
    "1__0": "1__0",
    "1_": "1_",
    "_1": "_1",
    "0640": 416,
    "0_7": 7,
    "007": 7,
    "-007": -7,
    "08": "08",
    "0o640": "0o640",
    "0x1F": 31,
    "-0x1f": -31,
    "0X1F": "0X1F",
    "0b101": 5,
    "99999999999999999999": 99999999999999999999,
    "1.10": 1.1,
    "1.": 1.0,
    ".5": 0.5,
    "-1.5": -1.5,
    "1,000.5": 1000.5,
    "1.5E-3": 0.0015,
    "1.0e+3": 1000.0,
    "1e3": "1e3",
    "1.0e3": "1.0e3",
    ".": ".",
    "-.": "-.",
    ".inf": math.inf,
    "-.INF": -math.inf,
    "1.2.3": "1.2.3",
    "22:22": 80520,
    "12:30:45": 45045,
    "-1:30": -1800,
    "1:60": "1:60",
    "3306:3306": "3306:3306",
    "8080:80": "8080:80",
    "1:30:45.25": 5445.25,
    "192.0.2.1": "192.0.2.1",
    ":verbose": Symbol("verbose"),
    ':"two words"': Symbol("two words"),
    ":": ":",
    "2026-01-31": date(2026, 1, 31),
    "2026-02-31": "2026-02-31",
    "2026-01-31T10:20:30Z": datetime(2026, 1, 31, 10, 20, 30, tzinfo=timezone.utc),
    "v1": "v1",
    "é": "é",
    "a: b": "a: b",
    "one\ntwo": "one\ntwo",
}


@pytest.mark.parametrize("word", WORDS)
def test_reads_as_psych_does(word: str) -> None:
    expected, actual = WORDS[word], scan(word)
    assert (expected, type(expected)) == (actual, int if type(actual) is Octal else type(actual))


def test_remembers_how_an_octal_number_was_written() -> None:
    mode = scan("0640")
    assert isinstance(mode, Octal)
    assert mode.written == "0640"


def test_not_a_number_is_one() -> None:
    assert math.isnan(scan(".nan"))


@given(st.text())
def test_reads_anything(word: str) -> None:
    scan(word)


@given(st.integers())
def test_reads_back_integers(number: int) -> None:
    assert number == scan(str(number))


@pytest.mark.parametrize("word", ["9" * 100_000, "0" * 100_000, "1:" * 50_000, "0x" + "f" * 99_999])
def test_a_number_beyond_reason_is_a_word(word: str) -> None:
    assert word == scan(word)
