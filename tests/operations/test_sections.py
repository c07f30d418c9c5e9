"""Arguments in deploy.yml's words."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamalpy.config import Logging
from kamalpy.config.proxy import ProxySection
from kamalpy.errors import ArgumentError
from kamalpy.operations.sections import arguments, log_section, proxy_section

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


@pytest.mark.parametrize(
    ("cmd", "expected"),
    [
        (None, ()),
        ("", ()),
        ("bin/jobs", ("bin/jobs",)),
        ("bin/jobs --queue 'low prio' \"a b\"", ("bin/jobs", "--queue", "low prio", "a b")),
        ("echo $HOME; ls * > x", ("echo", "$HOME;", "ls", "*", ">", "x")),
        (["sh", "-c", "a; b"], ("sh", "-c", "a; b")),
        (["sleep", 5], ("sleep", "5")),
    ],
)
def test_arguments(cmd: str | list[str] | None, expected: tuple[str, ...]) -> None:
    assert arguments(cmd) == expected


@given(st.lists(TEXT))
def test_words_that_were_joined(words: list[str]) -> None:
    assert arguments(shlex.join(words)) == arguments(words) == tuple(words)


@pytest.mark.parametrize("cmd", ["it's", 'say "hi', "a\\"])
def test_what_cannot_be_split(cmd: str) -> None:
    with pytest.raises(ArgumentError, match=r"^cmd: .* cannot be split into words \(No "):
        arguments(cmd)


def test_proxy() -> None:
    resolved = ProxySection.model_validate({"host": "a.test"})

    assert proxy_section({"host": "a.test"}) == proxy_section(resolved) == resolved


def test_every_mistake_is_reported_with_its_fix() -> None:
    with pytest.raises(ArgumentError) as caught:
        proxy_section({"hots": "a", "app_port": "x", "healthcheck": {"interval": "x"}})

    assert str(caught.value) == (
        "proxy/hots: unknown key; did you mean hosts?\n"
        'proxy/app_port: should be an integer, not a string; write it like "app_port: 3000"\n'
        "proxy/healthcheck/interval: should be an integer, not a string;"
        ' write it like "interval: 3"'
    )


@pytest.mark.parametrize(
    ("logging", "driver", "options"),
    [
        (None, None, {"max-size": "10m"}),
        ({}, None, {"max-size": "10m"}),
        ({"driver": "journald"}, "journald", {}),
        ({"options": {"max-file": 3}}, None, {"max-file": "3"}),
        (Logging(), None, {"max-size": "10m"}),
    ],
)
def test_logs_are_limited_unless_something_is_said(
    logging: object, driver: str | None, options: dict[str, str]
) -> None:
    found = log_section(logging)  # type: ignore[arg-type]

    assert (found.driver, found.options) == (driver, options)
