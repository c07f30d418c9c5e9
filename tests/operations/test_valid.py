"""What no host could take is refused, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.errors import ArgumentError
from kamalpy.operations import valid

NOT_TEXT = ["a\0b", "\udcff"]


def refuses(check: Callable[..., Any], *arguments: Any) -> str | None:
    try:
        check(*arguments)
    except ArgumentError as error:
        return str(error)
    return None


@pytest.mark.parametrize("name", ["a", "blog-web-v1", "A_b.c-9", "192.0.2.1", "0"])
def test_names(name: str) -> None:
    assert valid.container("service", name) == name


@pytest.mark.parametrize(
    "name", ["", "-a", "_a", ".", "..", "a/b", "a b", "a\n", "a;b", "$A", "é", "a:b", "a\0"]
)
def test_what_is_no_name(name: str) -> None:
    assert refuses(valid.container, "service", name) == (
        f"service: {name!r} cannot name a container; use letters, digits, '_', '.', '-', the first"
        " a letter or digit"
    )


@pytest.mark.parametrize(
    "reference",
    [
        "nginx",
        "nginx:1.27",
        "registry.example.com:5000/acme/blog:v1",
        "a@sha256:0123456789abcdef",
        "[::1]:5000/a__b/c.d-e:F",
    ],
)
def test_images(reference: str) -> None:
    assert valid.image(reference) == reference
    assert valid.registry("server", reference) == reference


@pytest.mark.parametrize("reference", ["", "-v", "/a", ":a", "a b", "a;b", "$A", "a\n", "`a`", "é"])
def test_what_is_no_image(reference: str) -> None:
    assert refuses(valid.image, reference) == (
        f"image: {reference!r} is no name of an image; write one like nginx:1.27"
    )
    assert refuses(valid.image, reference, "latest") == (
        f"latest: {reference!r} is no name of an image; write one like nginx:1.27"
    )
    assert refuses(valid.registry, "server", reference) == (
        f"server: {reference!r} is no registry; write one like registry.example.com:5000"
    )


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_any_text_is_text(value: str) -> None:
    assert valid.text("cmd", value) == value


@pytest.mark.parametrize("value", [7, 1.5, True, None])
def test_text_of_what_is_none(value: object) -> None:
    assert valid.text("cmd", value) == str(value)


def test_what_is_no_text() -> None:
    assert [refuses(valid.text, "cmd", value) for value in NOT_TEXT] == [
        "cmd: holds a NUL byte, which no program can be given",
        "cmd: holds bytes that are no text; Docker takes UTF-8",
    ]


@pytest.mark.parametrize("path", ["a", "/a", "a b", "$HOME", "-rf", "../a"])
def test_paths(path: str) -> None:
    assert valid.path("path", path) == path


@pytest.mark.parametrize("path", ["", "a\nb", "a\r", *NOT_TEXT])
def test_what_is_no_path(path: str) -> None:
    assert refuses(valid.path, "path", path)


@pytest.mark.parametrize("name", ["A", "a.b", "a-b", "É", "0", "A'B"])
def test_variables(name: str) -> None:
    assert valid.pairs("env", {name: 7}) == {name: "7"}


@pytest.mark.parametrize("name", ["", "A=B", "A B", "A\n", "A\t", *NOT_TEXT])
def test_what_is_no_variable(name: str) -> None:
    assert refuses(valid.pairs, "env", {name: "x"})
    assert refuses(valid.environment, "env", [name])


def test_a_value_is_named_by_its_variable() -> None:
    assert refuses(valid.pairs, "env", {"A": "\0"}) == (
        "env/A: holds a NUL byte, which no program can be given"
    )


def test_flags() -> None:
    flags = {"memory": "1g", "init": True, "add-host": ["a:1", "b:2"], "cpus": 1.5}

    assert valid.flags(flags) == flags


@pytest.mark.parametrize("flag", ["", "-v", "--memory", "a b", "a=b", "A", "a;b", "a\n", "é"])
def test_what_is_no_flag(flag: str) -> None:
    assert refuses(valid.flags, {flag: "x"}) == (
        f"options: {flag!r} is no flag of docker run; write one like memory"
    )


def test_a_value_of_a_flag() -> None:
    assert refuses(valid.flags, {"tmpfs": ["/a", "\0"]}) == (
        "options/tmpfs: holds a NUL byte, which no program can be given"
    )


@pytest.mark.parametrize("mode", [None, "644", "0644", "1777", "000"])
def test_modes(mode: str | None) -> None:
    assert valid.mode("files", mode) == mode


@pytest.mark.parametrize("mode", ["", "64", "00644", "u+x", "888", "644\n", " 644"])
def test_what_is_no_mode(mode: str) -> None:
    assert refuses(valid.mode, "files", mode) == (
        f"files: {mode!r} is no mode; write octal digits, like '0644'"
    )
