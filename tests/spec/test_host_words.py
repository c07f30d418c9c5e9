"""Words that a host completes."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamalpy.spec.host_words import absolute, as_kamal_wrote, below_home, may_be, may_become

TEXT = st.text(st.characters(exclude_characters="$"))


@pytest.mark.parametrize(
    ("written", "found", "expected"),
    [
        ("plain", "plain", True),
        ("plain", "other", False),
        ("", "", True),
        ("${NAME}", "", True),
        ("${NAME}", "anything\nat all", True),
        ("a${NAME}c", "abc", True),
        ("a${NAME}c", "ab", False),
        ("${A}${B}", "x", True),
        ("${A}-${B}", "x-y", True),
        ("${A}-${B}", "xy", False),
        ("$NAME", "ann", False),
        ("$NAME", "$NAME", True),
        ("${1}", "x", False),
        ("${A-b}", "b", False),
        ("$(id)", "root", False),
        ("a.c", "abc", False),
        ("(", "(", True),
    ],
)
def test_may_be(written: str, found: str, expected: bool) -> None:
    assert may_be(written, found) is expected


@given(TEXT, TEXT, TEXT)
def test_whatever_a_variable_is(before: str, value: str, after: str) -> None:
    assert may_be(f"{before}${{NAME}}{after}", f"{before}{value}{after}")


@given(TEXT, TEXT)
def test_what_has_no_variable_is_only_itself(written: str, found: str) -> None:
    assert may_be(written, found) is (written == found)


@pytest.mark.parametrize(
    ("written", "found", "expected"),
    [
        ("${N}", 512, True),
        ("5${N}", 512, True),
        ("6${N}", 512, False),
        (512, 512, True),
        (512, 513, False),
        ("x", None, False),
        ("${N}", None, False),
        (None, None, True),
        (None, "x", False),
        (("a", "${B}"), ("a", "x"), True),
        (("a", "${B}"), ("b", "x"), False),
        (frozenset({"a=${B}"}), frozenset({"a=x"}), True),
        (frozenset({"a=${B}"}), frozenset({"a=x", "c"}), False),
        (frozenset(), frozenset(), True),
    ],
)
def test_may_become(written: object, found: object, expected: bool) -> None:
    assert may_become(written, found) is expected


@pytest.mark.parametrize(
    ("volume", "expected"),
    [
        ("~/a:/b", "/a:/b"),
        ("~:/b", ":/b"),
        ("$HOME/a:/b", "/a:/b"),
        ("${HOME}:/b", ":/b"),
        ("$PWD/a:/b:ro", "/a:/b:ro"),
        ("${PWD}/a:/b", "/a:/b"),
        ("./a:/b", "/a:/b"),
        ("../a:/b", "/../a:/b"),
        ("a/b:/c", "/a/b:/c"),
        ("a:/b", None),
        ("/a:/b", None),
        ("/a", None),
        ("a", None),
        ("", None),
    ],
)
def test_below_home(volume: str, expected: str | None) -> None:
    assert below_home(volume) == expected
    assert absolute(volume, "/root") == (volume if expected is None else f"/root{expected}")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain $HOME 'x'", "plain $HOME 'x'"),
        ("a\nb", r"a\nb"),
        ("a\\nb", r"a\\nb"),
        ("\\\n", r"\\\n"),
        ("\t\r\f\v\b\a\x1b", r"\t\r\f\v\b\a\e"),
    ],
)
def test_as_kamal_wrote(value: str, expected: str) -> None:
    assert as_kamal_wrote(value) == expected


@settings(max_examples=40)
@given(st.text(st.sampled_from("\\\n\tab")))
def test_as_kamal_wrote_is_one_line_that_printf_reads_back(value: str) -> None:
    written = as_kamal_wrote(value)

    said = subprocess.run(["printf", "%b", written], capture_output=True, check=True)

    assert written.isprintable()
    assert said.stdout.decode() == value
