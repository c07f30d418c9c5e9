"""What a terminal is shown depends on what it can, and on what its user wants."""

from __future__ import annotations

import io

import pytest

from kamalpy.cli import terminals
from kamalpy.cli.settings import Settings


class Terminal(io.StringIO):
    """A stream that says that somebody sits before it."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "settings", "env", "colors", "live"),
    [
        (Terminal(), Settings(), {"TERM": "xterm"}, True, True),
        (Terminal(), Settings(), {"NO_COLOR": "1"}, False, True),
        (Terminal(), Settings(), {"NO_COLOR": ""}, True, True),
        (Terminal(), Settings(no_color=True), {}, False, True),
        (Terminal(), Settings(quiet=True), {}, True, False),
        (Terminal(), Settings(), {"TERM": "dumb"}, False, False),
        (Terminal(), Settings(), {"GITHUB_ACTIONS": "true"}, True, False),
        (io.StringIO(), Settings(), {"TERM": "xterm"}, False, False),
    ],
)
def test_what_is_shown(
    monkeypatch: pytest.MonkeyPatch,
    stream: io.StringIO,
    settings: Settings,
    env: dict[str, str],
    colors: bool,
    live: bool,
) -> None:
    for name in ("NO_COLOR", "TERM", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)

    assert terminals.has_colors(stream, settings) == colors
    assert terminals.is_live(stream, settings) == live


def test_groups() -> None:
    assert terminals.group_start("Boot 50%\nnow") == "::group::Boot 50%25%0Anow"


def test_mistakes_in_a_file_are_annotations_of_their_lines() -> None:
    text = "config/deploy.yml:3: image: required\nconfig/deploy.yml:7: proxy: unknown"
    assert terminals.annotation("error", text, "deploy").splitlines() == [
        "::error title=deploy,file=config/deploy.yml,line=3::config/deploy.yml:3: image: required",
        "::error title=deploy,file=config/deploy.yml,line=7::config/deploy.yml:7: proxy: unknown",
    ]


def test_annotations() -> None:
    assert terminals.annotation("warning", "a: b, c\r\nd") == "::warning::a: b, c%0D%0Ad"
    assert (
        terminals.annotation("error", "why", "Boot: h1, h2")
        == "::error title=Boot%3A h1%2C h2::why"
    )
