"""The lines of a dotenv file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.dotenv import Line, is_name, parse, quote, unescape

NAMES = st.from_regex(r"[A-Za-z0-9_.]{1,12}", fullmatch=True)
VALUES = st.text(st.characters(exclude_characters="\r\0", exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("text", "name", "value", "mark"),
    [
        ("A=b", "A", "b", ""),
        ("A = b", "A", "b", ""),
        ("A: b", "A", "b", ""),
        ("A:\tb", "A", "b", ""),
        ("export A=b", "A", "b", ""),
        ("export   A = b", "A", "b", ""),
        ("  \tA=b", "A", "b", ""),
        ("a.b_1=c", "a.b_1", "c", ""),
        ("A=", "A", "", ""),
        ("A", "A", "", ""),
        ("A=b c  ", "A", "b c", ""),
        ("A=b=c", "A", "b=c", ""),
        ("A=b#c", "A", "b", ""),
        ("A=b # c", "A", "b", ""),
        ("A=it's", "A", "it's", ""),
        ("A='b' # c", "A", "b", "'"),
        ("A='b#c'", "A", "b#c", "'"),
        ("A='b\nc'", "A", "b\nc", "'"),
        (r"A='it\'s'", "A", r"it\'s", "'"),
        ("A='C:\\'\nB=''", "A", "C:\\", "'"),
        ("A=''", "A", "", "'"),
        ('A="b" # c', "A", "b", '"'),
        ('A="b # c"', "A", "b # c", '"'),
        ('A="b\nc"', "A", "b\nc", '"'),
        (r'A="b\"c"', "A", r"b\"c", '"'),
        ('A="b\\\\"\nB=""', "A", "b\\\\", '"'),
        ('A="C:\\"', "A", "C:\\", '"'),
        ('A="b"c', "A", '"b"c', ""),
        ('A="b" "c"', "A", 'b" "c', '"'),
        ("A='b'c'd'", "A", "b'c'd", "'"),
        ('A="b', "A", '"b', ""),
        ("A=b\r\n", "A", "b", ""),
        ("A=b\rB=c", "A", "b", ""),
        ("\ufeffA=b", "A", "b", ""),
        ("A=$(b # c)", "A", "$(b # c)", ""),
        ("A=$(b # c) # d", "A", "$(b # c)", ""),
        ("A=$(b '#)' $(c # d)) # e", "A", "$(b '#)' $(c # d))", ""),
        (r"A=\$(b # c)", "A", r"\$(b", ""),
        ("A=$(b # c", "A", "$(b", ""),
    ],
)
def test_a_definition(text, name, value, mark):
    assert parse(text)[0] == Line(name, 1, value, mark)


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "# A=b", "MY-KEY=1", "A B=c", "=b", "set -e", 'echo "A=b"', "A:b", "[ -z x ]"],
)
def test_no_definition(text):
    assert parse(text) == ()


def test_lines_are_counted():
    text = "# comment\n\nA=1\r\nB='two\nlines'\nnothing here\n\n  C=3 # x\nA=4\n"

    found = [(line.name, line.number) for line in parse(text)]

    assert found == [("A", 3), ("B", 4), ("C", 8), ("A", 9)]


@pytest.mark.parametrize(
    ("text", "is_set"),
    [("export A", [False]), ("export A=", [False]), ("A=1\nexport A", [True]), ("A", [True])],
)
def test_an_export_needs_a_value(text, is_set):
    assert [line.is_set for line in parse(text)] == is_set


@given(st.text())
def test_any_text_is_a_file(text):
    assert all(is_name(line.name) for line in parse(text))


@given(st.dictionaries(NAMES, VALUES, max_size=5))
def test_what_is_quoted_is_read_again(values):
    text = "".join(f"{name}={quote(value)}\n" for name, value in values.items())

    assert {line.name: plain(line) for line in parse(text)} == values


@given(NAMES, VALUES)
def test_every_form_of_quotes_holds_its_values(name, value):
    forms = {'"': double_quoted(value)}
    if "'" not in value and not value.endswith("\\"):
        forms["'"] = f"'{value}'"
    if value.isalnum():
        forms[""] = value

    for mark, form in forms.items():
        for line in (f"{name}={form}", f" export {name} = {form} # x", f"{name}: {form}\nX='y'"):
            read = parse(line)[0]
            assert (read.name, plain(read), read.quote) == (name, value, mark)


def test_a_return_cannot_be_quoted():
    assert quote("a\rb") is None


def double_quoted(value):
    for character in '\\"$':
        value = value.replace(character, f"\\{character}")
    return f'"{value}"'


def plain(line):
    if line.quote == "'":
        return line.text
    return unescape(line.text, quote=line.quote).replace("\\$", "$")
