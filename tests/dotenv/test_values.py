"""What stands in a value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.dotenv import Command, Literal, Unclosed, Variable, parts, unescape


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("a b", (Literal("a b"),)),
        ("$A", (Variable("A"),)),
        ("${A}", (Variable("A"),)),
        ("${A", (Variable("A"),)),
        ("$a_1", (Variable("a_1"),)),
        ("${A:-b}", (Variable("A", "b"),)),
        ("${A:-}", (Variable("A", ""),)),
        ("${A:-${B}}", (Variable("A", "${B}"),)),
        ("$A-b", (Variable("A"), Literal("-b"))),
        ("{$A}", (Literal("{"), Variable("A"), Literal("}"))),
        ("$", (Literal("$"),)),
        ("$-", (Literal("$"), Literal("-"))),
        ("${}", (Literal("$"), Literal("{}"))),
        (r"\$A", (Literal("$A"),)),
        (r"\${A}", (Literal("${A}"),)),
        (r"\\$A", (Literal("\\"), Literal("$A"))),
        ("$(a)", (Command("a"),)),
        ("x$(a b)y", (Literal("x"), Command("a b"), Literal("y"))),
        ("$(a $(b))", (Command("a $(b)"),)),
        ("$(a (b) c)", (Command("a (b) c"),)),
        (r"$(a \) b)", (Command(r"a \) b"),)),
        ("$(a ')')", (Command("a ')'"),)),
        ('$(a ")" b)', (Command('a ")" b'),)),
        ("$(a it's)", (Command("a it's"),)),
        ('$(a "$(b ")")")', (Command('a "$(b ")")"'),)),
        ("$A$(b)", (Variable("A"), Command("b"))),
        ("$$(b)", (Literal("$"), Command("b"))),
        (r"\$(a $B)", (Literal("$("), Literal("a "), Variable("B"), Literal(")"))),
        (
            r"\$(a $(b))c",
            (Literal("$("), Literal("a "), Literal("$("), Literal("b))"), Literal("c")),
        ),
        (r"\$(a", (Literal("$("), Literal(""), Literal("a"))),
        ("$()", (Literal("$("), Literal(")"))),
        ("$(a", (Unclosed("$(a"),)),
        ("x$(a (b)", (Literal("x"), Unclosed("$(a (b)"))),
    ],
)
def test_parts(text, expected):
    assert parts(text) == expected


@given(st.text(alphabet="ab$(){}\\'\" :-\n"))
def test_any_text_has_parts(text):
    assert all(isinstance(p, (Literal, Variable, Command, Unclosed)) for p in parts(text))


@given(st.text(st.characters(exclude_characters="$")))
def test_text_without_dollars_is_literal(text):
    assert "".join(part.text for part in parts(text)) == text


@pytest.mark.parametrize(
    ("quote", "text", "expected"),
    [
        ("", r"a\nb", "anb"),
        ("", r"a\ b\#c\'\"", "a b#c'\""),
        ("", r"a\\b", r"a\b"),
        ("", r"a\$b", r"a\$b"),
        ('"', r"a\nb\rc\td", r"a\nb\rctd"),
        ('"', r"a\\nb", r"a\nb"),
        ('"', r"a\"b\\\$c", r'a"b\\$c'),
        ('"', "a\\\nb", "a\nb"),
    ],
)
def test_one_level_of_backslashes(quote, text, expected):
    assert unescape(text, quote=quote) == expected


def test_legacy_newlines():
    assert unescape(r"a\nb\rc", quote='"', legacy_newlines=True) == "a\nb\rc"
    assert unescape(r"a\nb", quote="", legacy_newlines=True) == "anb"
