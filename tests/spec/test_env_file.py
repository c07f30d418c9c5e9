"""Files of secrets: every value arrives byte for byte or is refused."""

from __future__ import annotations

import base64
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamalpy.errors import ArgumentError
from kamalpy.secrets import Secret
from kamalpy.spec import env_file
from kamalpy.spec.file import FileSpec

PATH = ".kamal/apps/blog/env/roles/web.env"


def contents(**values: str) -> tuple[bytes | None, bytes | None]:
    secrets = {name: Secret.of(name, value) for name, value in values.items()}
    plain, odd = env_file.files(PATH, secrets)
    return plain.content, odd.content


def test_what_docker_reads_and_what_is_in_files_of_their_own() -> None:
    secrets = {"A": Secret.of("OTHER_NAME", "x=y z"), "KEY": Secret.of("KEY", "one\ntwo\n")}

    assert env_file.files(PATH, secrets) == (
        FileSpec(path=PATH, content=b"A=x=y z\n", mode="0600", secret=True),
        FileSpec(path=f"{PATH}.odd", content=b"KEY b25lCnR3bwo=\n", mode="0600", secret=True),
    )


def test_no_secret_at_all_is_an_empty_line() -> None:
    assert contents() == (b"\n", b"")


@pytest.mark.parametrize(
    ("value", "odd"),
    [
        ("", False),
        ("a b 'c' \"d\" $e `f` \\g #h", False),
        ("tab\t", False),
        ("ünïcödé 🎉", False),
        ("a\nb", True),
        ("a\r", True),
        ("x" * 32_000, False),
        ("x" * 32_001, True),
        ("é" * 16_001, True),
    ],
)
def test_is_multiline(value: str, odd: bool) -> None:
    assert env_file.is_multiline(value) is odd


@given(
    st.dictionaries(
        st.from_regex(r"[A-Za-z_]\w{0,9}", fullmatch=True).filter(str.isascii),
        st.text(st.characters(codec="utf-8", exclude_characters="\0")),
    )
)
def test_every_value_is_in_one_of_the_files(values: dict[str, str]) -> None:
    plain, odd = (content or b"" for content in contents(**values))

    read = {}
    for line in plain.decode().split("\n"):
        name, separator, value = line.partition("=")
        read |= {name: value} if separator else {}
    for line in odd.decode().splitlines():
        name, encoded = line.split(" ")
        read[name] = base64.b64decode(encoded).decode()
    assert read == values


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("A", "x\0y", "A: the value holds a NUL byte, which no variable can"),
        (
            "A",
            "\udcff",
            "A: the value holds bytes that are no text, which Docker cannot pass on",
        ),
        (
            "a.b",
            "one\ntwo",
            "a.b: a value of several lines needs a name of letters, digits and '_'",
        ),
    ],
)
def test_refuses_what_no_file_can_hold(name: str, value: str, message: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        contents(**{name: value})

    assert str(caught.value) == message
    assert value not in message


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
    assert env_file.as_kamal_wrote(value) == expected


@settings(max_examples=40)
@given(st.text(st.sampled_from("\\\n\tab")))
def test_as_kamal_wrote_is_one_line_that_printf_reads_back(value: str) -> None:
    written = env_file.as_kamal_wrote(value)

    said = subprocess.run(["printf", "%b", written], capture_output=True, check=True)

    assert written.isprintable()
    assert said.stdout.decode() == value
