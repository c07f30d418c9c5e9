"""Digests that a host and this machine make of the same thing."""

from __future__ import annotations

import shlex
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamalpy.spec.digest import digest, env_digests

# a variable as `docker inspect` of Docker 28 shows it, and of Docker 20.10 where that differs
SHOWN = [
    ("QUOTES", "a\"b'c", r'"QUOTES=a\"b' + "'" + 'c"', None),
    ("BACKSLASH", r"a\b\\n", r'"BACKSLASH=a\\b\\\\n"', None),
    ("LINES", "one\ntwo\r\n", r'"LINES=one\ntwo\r\n"', None),
    ("TAB", "\t", r'"TAB=\t"', None),
    (
        "CONTROL",
        "\x01\x08\x0b\x0c\x1b\x7f",
        '"CONTROL=\\u0001\\b\\u000b\\f\\u001b\x7f"',
        '"CONTROL=\\u0001\\u0008\\u000b\\u000c\\u001b\x7f"',
    ),
    ("HTML", "<a href='x'>&</a>", "\"HTML=<a href='x'>&</a>\"", None),
    ("SEPARATORS", "\u2028\u2029\x85", '"SEPARATORS=\\u2028\\u2029\x85"', None),
    ("UNICODE", "é\U0001f600\ufeff", '"UNICODE=é\U0001f600\ufeff"', None),
    ("DOLLAR", "$HOME ${HOME} `id` $(id)", '"DOLLAR=$HOME ${HOME} `id` $(id)"', None),
    ("TRICKY", r"\b \\b \f \u0008", r'"TRICKY=\\b \\\\b \\f \\u0008"', None),
    ("EMPTY", "", '"EMPTY="', None),
]


@settings(max_examples=25)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")), st.binary())
def test_a_host_makes_the_same(key: str, content: bytes) -> None:
    """As the scripts do it: ``{ printf %s "$key"; cat; } | sha256sum``."""
    command = f"{{ printf %s {shlex.quote(key)}; cat; }} | sha256sum | cut -d ' ' -f 1"

    said = subprocess.run(["sh", "-c", command], input=content, capture_output=True, check=True)

    assert said.stdout.decode().strip() == digest(key, content)


@pytest.mark.parametrize(("name", "value", "new", "old"), SHOWN)
def test_a_variable_as_docker_shows_it(name: str, value: str, new: str, old: str | None) -> None:
    expected = {digest("key", text.encode()) for text in (new, old or new)}

    assert expected == env_digests("key", name, value)


@given(st.text(), st.text(), st.text())
def test_another_key_makes_another_digest(key: str, name: str, value: str) -> None:
    printable = value.encode(errors="replace").decode()

    assert not env_digests("a", name.encode(errors="replace").decode(), printable) & env_digests(
        "b", name.encode(errors="replace").decode(), printable
    )
    assert len(env_digests("a", "NAME", printable)) <= 2
