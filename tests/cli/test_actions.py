"""Commands of GitHub Actions, with whatever text."""

from __future__ import annotations

from kamalpy.cli import actions


def test_groups() -> None:
    assert actions.group("Boot 50%\nnow") == "::group::Boot 50%25%0Anow"


def test_mistakes_in_a_file_are_annotations_of_their_lines() -> None:
    text = "config/deploy.yml:3: image: required\nconfig/deploy.yml:7: proxy: unknown"
    assert actions.note("error", text, "deploy").splitlines() == [
        "::error title=deploy,file=config/deploy.yml,line=3::config/deploy.yml:3: image: required",
        "::error title=deploy,file=config/deploy.yml,line=7::config/deploy.yml:7: proxy: unknown",
    ]


def test_notes() -> None:
    assert actions.note("warning", "a: b, c\r\nd") == "::warning::a: b, c%0D%0Ad"
    assert actions.note("error", "why", "Boot: h1, h2") == "::error title=Boot%3A h1%2C h2::why"
