"""Values are taken out of text in whatever form a program prints them."""

from __future__ import annotations

import base64
import html
import json
import shlex
import subprocess
import textwrap
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamalpy.secrets.masking import Masks

PASSWORD = "p@ss w'rd\"$HOME\\n`x`é%&=+/😀"
PEM = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nQ2hhcmxlcw==\n-----END KEY-----\n"


def masks(**values: str) -> Masks:
    made = Masks()
    for name, value in values.items():
        made.add(name, value)
    return made


def base64_of(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def bash_quoted(text: str) -> str:
    return subprocess.run(
        ["bash", "-c", 'printf %q "$1"', "bash", text], capture_output=True, check=True
    ).stdout.decode()


SPELLINGS = {
    "as it is": str,
    "a shell's single quotes": shlex.quote,
    "a shell's other single quotes": lambda text: "'" + text.replace("'", "'\\''") + "'",
    "a shell's double quotes": lambda text: (
        '"' + "".join(f"\\{c}" if c in '$`"\\' else c for c in text) + '"'
    ),
    "backslashes, as Ruby's shellescape": lambda text: "".join(
        "'\n'" if c == "\n" else c if c.isascii() and c.isalnum() else f"\\{c}" for c in text
    ),
    "JSON": json.dumps,
    "JSON with letters of all languages": lambda text: json.dumps(text, ensure_ascii=False),
    "JSON as Go and Rails write it": lambda text: (
        json.dumps(text, ensure_ascii=False)
        .replace("&", "\\u0026")
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
    ),
    "JSON as PHP writes it": lambda text: json.dumps(text).replace("/", "\\/"),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)),
    "JSON in a shell's words": lambda text: shlex.quote(json.dumps({"a": text})),
    "Python": repr,
    "Python's bytes": lambda text: repr(text.encode()),
    "a URL": lambda text: quote(text, safe=""),
    "a URL's path": quote,
    "a form": quote_plus,
    "a URL in a URL": lambda text: quote(quote(text)),
    "a URL, small letters": lambda text: quote(text, safe="").lower() if text.islower() else text,
    "HTML": html.escape,
    "base64": base64_of,
    "base64 behind a name": lambda text: base64_of(f"user:{text}"),
    "base64 between others": lambda text: base64_of(f"xy{text}zz"),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
}
COMMON = ("true", "false", "null", "none")
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=4, max_size=40)
SECRET = (TEXT | st.text("ab \\'\"$`%&+/=\n\t#é", min_size=4, max_size=20)).filter(
    lambda text: len(text.strip()) >= 4 and text.strip() not in COMMON
)


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
def test_a_password_does_not_show(spell):
    shown = masks(PASSWORD=PASSWORD).hide(f"it is {spell(PASSWORD)}, isn't it?")

    assert "*PASSWORD*" in shown
    assert shown.startswith("it is ")
    assert shown.endswith(", isn't it?")
    assert len(shown) <= len("it is ''*PASSWORD*'', isn't it?") + 16


def test_bash_s_own_quotes():
    assert "*A*" in masks(A=PASSWORD).hide(bash_quoted(PASSWORD))
    assert "*A*" in masks(A="two\nlines 'of' it").hide(bash_quoted("two\nlines 'of' it"))


@settings(max_examples=300)
@given(SECRET, st.sampled_from(list(SPELLINGS.values())), st.text(max_size=5))
def test_no_value_shows_in_any_spelling(value, spell, around):
    known = masks(A=value)

    shown = known.hide(f"{around} {spell(value)} {around}")

    assert "*A*" in shown


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from("ABCD"), SECRET, min_size=1), st.data())
def test_nothing_else_is_touched(values, data):
    """A text of letters that no value has stays as it is, and values in it go."""
    known = masks(**values)
    pieces = data.draw(st.lists(st.sampled_from(["ZZZ", *values]), max_size=6))

    shown = known.hide("|".join(values.get(piece, piece) for piece in pieces))

    assert shown.count("ZZZ") == pieces.count("ZZZ")
    assert all(value not in shown for value in values.values() if len(value) > 8)


def test_lines_of_a_value_do_not_show():
    known = masks(KEY=PEM)

    assert [known.hide(line) for line in PEM.splitlines()] == ["*KEY*"] * 4
    assert known.hide("  | MIIEvQIBADANBgkqhkiG9w0BAQEFAASC") == "  | *KEY*"


def test_base64_in_several_lines_does_not_show():
    value = " ".join(str(number) for number in range(100, 180))
    known = masks(A=value)
    lines = textwrap.wrap(base64_of(f"user:{value}"), 76)

    shown = [known.hide(line) for line in lines]

    assert shown == ["dXNlcjo*A*", *["*A*"] * (len(lines) - 1)]


def test_the_longest_value_that_fits_is_named():
    known = masks(PASSWORD="pg-secret", URL="postgres://me:pg-secret@db/app")

    assert known.hide("postgres://me:pg-secret@db/app") == "*URL*"
    assert known.hide("password pg-secret, postgres://me:pg-secret@db") == (
        "password *PASSWORD*, postgres://me:*PASSWORD*@db"
    )


def test_a_value_of_several_secrets_has_the_first_name():
    assert masks(A="same value", B="same value").hide("same value") == "*A*"


@pytest.mark.parametrize("value", ["", "abc", "   ", "\n\n\n\n\n", "true", "null", "spared"])
def test_common_words_stay(value):
    known = masks(A=value)
    known.exclude(["spared"])

    assert known.hide(f"x {value} y") == f"x {value} y"


def test_what_is_learned_later_is_hidden_from_then_on():
    known = masks(A="first value")
    assert known.hide("first value, second value") == "*A*, second value"

    known.add("B", "second value")

    assert known.hide("first value, second value") == "*A*, *B*"


def test_hears_what_is_read():
    known = Masks()
    read = known.masked_reader("A", lambda: "pg-secret")
    assert known.hide("pg-secret") == "pg-secret"

    assert read() == "pg-secret"
    assert known.hide("pg-secret") == "*A*"


def test_bytes_that_are_no_text():
    assert masks(A="abc\udcff\udcfe").hide("abc\udcff\udcfe; abc%FF%fe") == "*A*; *A*"


@pytest.mark.parametrize("text", ["\\" * 5000, "\\" * 5000 + "x", "'" * 5000, "a\\'" * 3000])
def test_takes_no_time_to_find_nothing(text):
    """No pattern may look at the same text again and again."""
    known = masks(A="\\" * 30 + "'" * 30 + "\\x\\'\\\"\\", B="a\\'" * 40 + "b")

    assert isinstance(known.hide(text), str)
