"""``kamalpy doctor --offline``: deploy.yml and secrets, and the exit status."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kamalpy.cli.main import run

Add = Callable[[str], None]
pytestmark = pytest.mark.usefixtures("project")


def test_nothing_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--offline"]) == 0
    assert capsys.readouterr().out == (
        "ok       file      config/deploy.yml: valid, 1 server, no placeholders\n"
        "ok       secrets   secrets: TOKEN: set\n"
        "\nno problems, no warnings\n"
    )


def test_problems_and_warnings(
    project: Path, add_lines: Add, capsys: pytest.CaptureFixture[str]
) -> None:
    add_lines(
        "proxy: {host: 'https://a.test'}\nenv: {secret: [KEY]}\n"
        "accessories: {db: {image: 'mysql:8', host: 10.0.0.1}}\n"
    )
    (project / ".kamal/secrets").write_text("TOKEN=canary\nOTHER\n")
    assert run(["doctor", "--offline"]) == 1
    assert capsys.readouterr().out == (
        "problem  file      config/deploy.yml:6: proxy/host: https://a.test is more than a host "
        "name; write a.test\n"
        "warning  file      config/deploy.yml:8: accessories/db: has no directory for "
        "/var/lib/mysql, where mysql keeps its data; "
        'add "directories: [data:/var/lib/mysql]", or its data is lost with the container\n'
        "warning  secrets   .kamal/secrets:2: is skipped: it has no =; "
        "write NAME=value, or put # before a comment\n"
        "problem  secrets   KEY (env/secret): is not defined in .kamal/secrets; "
        "add KEY=... to .kamal/secrets\n"
        "\n2 problems, 2 warnings\n"
    )


def test_a_file_that_is_not_valid(add_lines: Add, capsys: pytest.CaptureFixture[str]) -> None:
    add_lines("volumnes: []\n")
    assert run(["doctor", "--offline", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "level": "problem",
        "check": "file",
        "subject": "config/deploy.yml:6: volumnes",
        "what": "unknown key",
        "how": "did you mean volumes?",
    }


def test_the_same_findings_are_warnings_of_config(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / ".kamal/secrets").write_text("TOKEN=can#ary\n")
    assert run(["config", "--version", "v1"]) == 0
    assert capsys.readouterr().err == (
        "WARNING: .kamal/secrets:1: TOKEN: the value ends at the #, which begins a comment; "
        "put the value in single quotes\n"
    )
