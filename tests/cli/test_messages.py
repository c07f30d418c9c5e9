"""How mistakes are reported: as JSON, without colours, from folders below, flags as Kamal's."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kamalpy.cli.main import run

pytestmark = pytest.mark.usefixtures("project")

Add = Callable[[str], None]


@pytest.mark.parametrize(
    ("arguments", "why", "next_command"),
    [
        (["config"], "config/deploy.yml:6: labels: should be a hash, not an array; "
         'write it like "labels: {team: web}"', "kamalpy docs labels"),
        (["ps"], "ps: no such command; type kamalpy details", None),
    ],
)  # fmt: skip
def test_json_holds_for_errors(
    arguments: list[str],
    why: str,
    next_command: str | None,
    add_lines: Add,
    capsys: pytest.CaptureFixture[str],
) -> None:
    add_lines("labels: []\n")
    assert run([*arguments, "--json"]) == 1

    event = json.loads(capsys.readouterr().out)
    assert (event["event"], event["status"], event["next"]) == ("ends", 1, next_command)
    assert event["why"] == [why]


def test_the_file_is_found_in_folders_above(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "app/models").mkdir(parents=True)
    monkeypatch.chdir(project / "app/models")

    assert run(["config"]) == 0
    assert capsys.readouterr().err == f"Using {project}/config/deploy.yml\n"


def test_aliases_are_found_from_folders_below(
    project: Path,
    add_lines: Add,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    add_lines("aliases: {key: docs image}\n")
    (project / "app").mkdir()
    monkeypatch.chdir(project / "app")

    assert run(["key"]) == 0
    assert "image: string" in capsys.readouterr().out


@pytest.mark.parametrize("word", ["logs", "status"])
def test_an_alias_of_the_user_goes_before_a_short_form(
    word: str, add_lines: Add, capsys: pytest.CaptureFixture[str]
) -> None:
    add_lines(f"aliases: {{{word}: docs image}}\n")
    assert run([word]) == 0
    assert capsys.readouterr().out.startswith("image: string")


@pytest.mark.parametrize("flag", [["--json"], ["--json=true"], ["--json", "true"]])
@pytest.mark.parametrize("denial", [["--json=false"], ["--json", "false"], ["--no-json"]])
def test_flags_take_true_and_false_as_kamals_do(
    flag: list[str], denial: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for words, is_json in ((flag, True), (denial, False), ([*flag, *denial], False)):
        assert run(["config", *words]) == 0
        assert capsys.readouterr().out.startswith("{") is is_json


@pytest.mark.parametrize("how", [["--no-color"], "NO_COLOR", "TERM"])
def test_errors_have_no_colour_where_none_is_wanted(
    how: list[str] | str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kamalpy.cli import terminals
    from kamalpy.cli.settings import Settings

    class Terminal:
        def isatty(self) -> bool:
            return True

    settings = Settings(no_color=how == ["--no-color"])
    if isinstance(how, str):
        monkeypatch.setenv(how, "dumb")
    assert terminals.has_colors(Terminal(), settings) is False  # type: ignore[arg-type]
