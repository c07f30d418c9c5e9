"""How a difference is told."""

from __future__ import annotations

import pytest

from kamalpy.spec.change import SECRET, Change, compare, compare_sets


@pytest.mark.parametrize(
    ("change", "sign", "text"),
    [
        (Change("memory", "1", "2"), "~", "memory: 1 -> 2"),
        (Change("label/a", None, "x"), "+", "label/a: (none) -> x"),
        (Change("label/a", "x", None), "-", "label/a: x -> (none)"),
        (Change("env/A", "", " "), "~", "env/A: '' ->  "),
        (Change("env/A", "two\nlines", "\x1b[2J"), "~", r"env/A: 'two\nlines' -> '\x1b[2J'"),
        (Change("env/A", SECRET, SECRET), "~", "env/A: changes (secret)"),
        (Change("env/A", None, SECRET), "+", "env/A: (none) -> (secret)"),
        (Change("env/A", SECRET, "clear"), "~", "env/A: (secret) -> clear"),
    ],
)
def test_a_change(change: Change, sign: str, text: str) -> None:
    assert (change.sign, str(change)) == (sign, text)


@pytest.mark.parametrize(
    ("was", "will", "expected"),
    [
        (1, 1, []),
        (1, 2, [Change("f", "1", "2")]),
        (None, "", [Change("f", None, "")]),
        (False, True, [Change("f", "false", "true")]),
        (["a"], ["a", "b c"], [Change("f", "a", "a b c")]),
        ((), ("a",), [Change("f", None, "a")]),
        (frozenset(), frozenset({"b", "a"}), [Change("f", None, "a, b")]),
        ({"a": 1}, None, [Change("f", "{'a': 1}", None)]),
    ],
)
def test_compare(was: object, will: object, expected: list[Change]) -> None:
    assert list(compare("f", was, will)) == expected


def test_compare_sets_lists_what_goes_before_what_comes() -> None:
    assert list(compare_sets("port", ["80", "81"], {"443", "80", "22"})) == [
        Change("port", "81", None),
        Change("port", None, "22"),
        Change("port", None, "443"),
    ]
