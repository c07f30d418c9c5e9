"""What is reported of mistakes on the command line: the whole message."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kamalpy.cli.main import run

DEPLOY = """\
service: blog
image: acme/blog
servers: [10.0.0.1]
registry: {username: acme, password: [TOKEN]}
builder: {arch: amd64}
"""
USAGE = "Usage: kamalpy [OPTIONS] COMMAND [ARGS]...\nTry 'kamalpy --help' for help.\n\nError: "


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VERSION", "v1")
    (tmp_path / "config").mkdir()
    (tmp_path / "config/deploy.yml").write_text(DEPLOY)
    return tmp_path


@pytest.mark.parametrize(
    ("word", "instead"),
    [
        ("ps", "type kamalpy details"),
        ("exec", "type kamalpy app exec CMD"),
        ("shell", "type kamalpy app exec -i --reuse bash"),
        ("up", "type kamalpy setup for the first time, kamalpy deploy from then on"),
        ("down", "type kamalpy app stop, or kamalpy remove for good"),
        ("destroy", "type kamalpy remove"),
        ("depoly", "did you mean deploy? kamalpy --help lists them"),
    ],
)
def test_words_of_other_tools_get_the_command_to_type(
    word: str, instead: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([word]) == 1
    assert capsys.readouterr().err == f"{USAGE}{word}: no such command; {instead}\n"


WRONG_KEYS = [
    ("volumnes: []\n", "config/deploy.yml:6: volumnes: unknown key; did you mean volumes?", ""),
    (
        "proxy: {host: a, app_port: http}\n",
        "config/deploy.yml:6: proxy/app_port: should be an integer, not a string; "
        'write it like "app_port: 3000"',
        " proxy/app_port",
    ),
    (
        "accessories: {db: {image: i, host: a, env: {secrets: [A]}}}\n",
        "config/deploy.yml:6: accessories/db/env/secrets: unknown key; did you mean secret?",
        " accessories/NAME/env",
    ),
    (
        "volumes: [1, {a: b}]\n",
        "config/deploy.yml:6: volumes/1: should be a string, not a hash; "
        'write it like "volumes: [data:/app/storage]"',
        " volumes",
    ),
]


@pytest.mark.parametrize(("more", "message", "page"), WRONG_KEYS)
def test_a_configuration_error_ends_with_the_page_about_its_key(
    more: str, message: str, page: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "config/deploy.yml").write_text(DEPLOY + more)
    assert run(["config"]) == 1
    assert capsys.readouterr().err == f"ERROR: {message}\nTry: kamalpy docs{page}\n"

    if page:
        assert run(["docs", page.strip()]) == 0


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
    project: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (project / "config/deploy.yml").write_text(DEPLOY + "labels: []\n")
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
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "config/deploy.yml").write_text(DEPLOY + "aliases: {key: docs image}\n")
    (project / "app").mkdir()
    monkeypatch.chdir(project / "app")

    assert run(["key"]) == 0
    assert "image: string" in capsys.readouterr().out


@pytest.mark.parametrize("word", ["logs", "status"])
def test_an_alias_of_the_user_goes_before_a_short_form(
    word: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "config/deploy.yml").write_text(DEPLOY + f"aliases: {{{word}: docs image}}\n")
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
