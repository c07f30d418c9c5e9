"""The log of a run is a file that the user can keep, and nobody else can read."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from kamalpy.cli.events import (
    CommandRan,
    Message,
    Printed,
    RunEnded,
    RunStarted,
    Status,
    StepEnded,
    StepProgress,
    StepStarted,
)
from kamalpy.cli.journal import LOGS_LIMIT, file_name, journal
from kamalpy.config import Configuration, load

EVENTS = (
    RunStarted("deploy", ("h1", "h2")),
    StepStarted("Boot v2"),
    CommandRan("h1", "boot.sh blog", False, 1.234, ("unhealthy",)),
    StepProgress("Boot v2", 1, 2),
    StepEnded("Boot v2", "h1", Status.FAILED, 1.26, ("its log: ...",)),
    Message("Interrupted"),
    Printed("v1", "h1"),
    RunEnded("deploy", 4, 12.34, why=("Nothing is deployed",)),
)
WRITTEN = """\
deploy on h1, h2
Boot v2 ...
  h1 $ boot.sh blog (1.23 s, failed)
  h1 | unhealthy
Boot v2: failed on h1 in 1.3 s
  h1: its log: ...
Interrupted
h1: v1
Nothing is deployed
Failed with exit status 4 in 12.3 seconds
"""


@pytest.fixture
def configured(tmp_path: Path) -> Callable[..., Configuration]:
    """Write a deploy.yml and read it."""

    def configure(**changes: Any) -> Configuration:
        config = {
            "service": "blog",
            "image": "acme/blog",
            "servers": ["h1"],
            "registry": {"server": "localhost:5000"},
            "builder": {"arch": "amd64"},
            **changes,
        }
        (tmp_path / "config").mkdir(exist_ok=True)
        (tmp_path / "config/deploy.yml").write_text(yaml.safe_dump(config))
        return load("config/deploy.yml", root=tmp_path)

    return configure


def test_all_events_are_written_down(
    configured: Callable[..., Configuration], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = journal(configured(), "app boot")
    assert log is not None
    for event in EVENTS:
        log.show(event)
    log.close()

    path = tmp_path / log.name
    assert re.fullmatch(r"\.kamal/log/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d_app_boot\.log", log.name)
    assert re.sub(r"^\d\d:\d\d:\d\d ", "", path.read_text(), flags=re.MULTILINE) == WRITTEN
    assert path.stat().st_mode & 0o777 == 0o600
    assert (path.parent / ".gitignore").read_text() == "*\n"
    assert capsys.readouterr() == ("", f"Log: {log.name}\n")


def test_a_run_that_has_no_end(
    configured: Callable[..., Configuration], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    log = journal(configured(), "deploy", quiet=True)
    assert log is not None
    log.close()
    log.close()

    assert (tmp_path / log.name).read_text() == "ended before its end\n"
    assert capsys.readouterr() == ("", "")


def test_the_folder_may_be_the_users(
    configured: Callable[..., Configuration], tmp_path: Path
) -> None:
    folder = tmp_path / "var/logs"
    log = journal(configured(output={"file": {"path": "var/logs"}}), "deploy")
    assert log is not None
    log.close()

    assert [each.name for each in folder.iterdir()] == [Path(log.name).name]


def test_old_ones_go_from_our_own_folder(
    configured: Callable[..., Configuration], tmp_path: Path
) -> None:
    folder = tmp_path / ".kamal/log"
    folder.mkdir(parents=True)
    for number in range(LOGS_LIMIT + 5):
        (folder / f"2020-01-01T00-00-00_{number:03}.log").touch()
    log = journal(configured(), "deploy")
    assert log is not None
    log.close()

    left = sorted(each.name for each in folder.glob("*.log"))
    assert (len(left), left[0]) == (LOGS_LIMIT, "2020-01-01T00-00-00_006.log")


def test_a_folder_that_is_none_stops_nothing(
    configured: Callable[..., Configuration], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "logs").touch()

    assert journal(configured(output={"file": {"path": "logs"}}), "deploy") is None
    assert capsys.readouterr().err == "No log is written to logs: File exists\n"


@pytest.mark.parametrize(
    ("destination", "command", "name"),
    [
        (None, "deploy", "2026-03-04T05-06-07_deploy.log"),
        ("staging", "app boot", "2026-03-04T05-06-07_staging_app_boot.log"),
    ],
)
def test_it_is_named_as_kamal_does(destination: str | None, command: str, name: str) -> None:
    assert file_name(destination, command, datetime(2026, 3, 4, 5, 6, 7)) == name
