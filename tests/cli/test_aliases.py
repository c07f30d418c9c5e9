"""``aliases`` of deploy.yml, and what kamalpy tells of itself: ``tree``, ``help``, ``version``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import kamalpy
from kamalpy.cli.main import root, run

DEPLOY = """\
service: blog
image: acme/blog
servers: [192.0.2.1]
registry: {username: acme, password: [TOKEN]}
builder: {arch: amd64}
aliases:
  port: docs proxy/app_port
  explain: docs
  image: explain image --json
  plain: -v docs --json
  staging: config -d staging
  production: -d production config --json
  round: and-round
  and-round: round again
  quoted: docs "proxy/app_port
  options: -v
  under_score: docs image
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with aliases."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VERSION", "v1")
    (tmp_path / "config").mkdir()
    (tmp_path / "config/deploy.yml").write_text(DEPLOY)
    (tmp_path / "config/deploy.staging.yml").write_text(
        "servers: [192.0.2.2]\naliases: {only-here: docs image}\n"
    )
    (tmp_path / "config/deploy.production.yml").write_text("servers: [192.0.2.3]\n")
    return tmp_path


def run_command(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    """Run a command, which has to end with a status, and return what it prints."""
    assert run([*words]) == status
    out, err = capsys.readouterr()
    return str(err if status else out)


SAME = [
    (("port",), ("docs", "proxy/app_port")),
    (("explain", "image"), ("docs", "image")),
    (("image",), ("docs", "image", "--json")),
    (("explain", "--json", "image"), ("docs", "image", "--json")),
    (("plain", "image"), ("docs", "image", "--json")),
    (("staging", "--json"), ("config", "--json", "-d", "staging")),
    (("staging", "--json", "-d", "production"), ("config", "--json", "-d", "production")),
    (("production",), ("config", "--json", "-d", "production")),
    (("only-here", "-d", "staging"), ("docs", "image")),
    (("-d", "staging", "only-here"), ("docs", "image")),
    (("only-here", "--destination=staging"), ("docs", "image")),
    (("under_score",), ("docs", "image")),
]


@pytest.mark.parametrize(("alias", "command"), SAME)
def test_an_alias_stands_for_its_words_and_more_follow(
    alias: tuple[str, ...], command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(capsys, *alias) == run_command(capsys, *command)


MISTAKES = [
    ("round", "round: the aliases form a circle, round -> and-round -> round; let one of them"),
    ("options", "options: the alias names no command; write one into it"),
    ("quoted", "config/deploy.yml: aliases/quoted: 'docs \"proxy/app_port' cannot be split into"),
    ("only-here", "only-here: no such command; kamalpy --help lists them"),
    ("depoly", "depoly: no such command; did you mean deploy? kamalpy --help lists them"),
]


@pytest.mark.parametrize(("name", "message"), MISTAKES)
def test_mistakes(name: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert message in run_command(capsys, name, status=1)


def test_a_broken_file_is_reported(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "config/deploy.yml").write_text("aliases: {port: docs\n")
    output = run_command(capsys, "port", status=1)
    assert output.startswith("ERROR: config/deploy.yml:")
    assert "no such command" not in output


def test_commands_and_their_beginnings_come_before(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "config/deploy.yml").write_text("aliases: {vers: docs image, version: docs}\n")
    assert run_command(capsys, "vers") == f"{kamalpy.__version__}\n"
    assert run_command(capsys, "version") == f"{kamalpy.__version__}\n"


def test_an_alias_of_more_than_one_beginning(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "config/deploy.yml").write_text("aliases: {re: docs image}\n")
    assert run_command(capsys, "re") == run_command(capsys, "docs", "image")
    assert run_command(capsys, "de", status=1).endswith("Error: de: could be deploy, details\n")


def test_a_project_without_a_file_has_no_aliases(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "config/deploy.yml").unlink()
    assert "port: no such command" in run_command(capsys, "port", status=1)


def test_versions(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run_command(capsys, "version")
        == run_command(capsys, "--version")
        == f"{kamalpy.__version__}\n"
    )


def test_the_tree_shows_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    lines = run_command(capsys, "tree").splitlines()
    assert lines[0] == "kamalpy"
    names = [line.lstrip("├─└│ ").split()[0] for line in lines[1:]]
    assert [name for name in names if name in root.commands][:2] == ["setup", "deploy"]
    assert set(root.commands) <= set(names)
    assert any(line.startswith("│  ├─ containers ") for line in lines)
    assert "remove-containers" not in names


def test_help_is_that_of_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(capsys, "help") == run_command(capsys, "--help") == run_command(capsys)
    assert run_command(capsys, "help", "app", "log") == run_command(capsys, "app", "logs", "--help")
    assert "deploy has no commands below it" in run_command(capsys, "help", "deploy", "x", status=1)
    assert "app nothing" not in run_command(capsys, "help", "app", "nothing", status=1)


def test_help_of_an_alias_is_that_of_its_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(capsys, "port", "--help") == run_command(capsys, "docs", "--help")
    assert json.loads(run_command(capsys, "image"))
