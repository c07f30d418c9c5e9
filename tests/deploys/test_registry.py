"""`registry`: what this machine's docker is told, and what the servers are."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
REMOTE = {"server": "registry.test", "username": "bot", "password": ["REGISTRY_PASSWORD"]}
DOCKER = """#!/bin/sh
echo "$*" >>{log}
[ "$1" != login ] || cat >>{log}
[ ! -e {log}.broken ] || {{ echo "no such container"; exit 1; }}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What this machine's docker is told goes into a file; it fails if there is one more."""
    log = tmp_path / "docker.log"
    docker = tmp_path / "bin/docker"
    docker.parent.mkdir()
    docker.write_text(DOCKER.format(log=log))
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", f"{docker.parent}{os.pathsep}{os.environ['PATH']}")
    return log


@pytest.fixture
def remote(project: Any) -> Any:
    project.configure(registry=REMOTE)
    (project.folder / ".kamal/secrets").write_text("TOKEN=hunter2\nREGISTRY_PASSWORD=hunter3\n")
    return project


def test_login_here_and_there(remote: Any, run: Run, here: Path) -> None:
    done = run("registry_login", version="")

    assert done.status == 0, done.text
    assert here.read_text() == ("login --username=bot --password-stdin registry.test\nhunter3")
    assert sorted(done.commands()) == [(f"h{number}.test", "docker") for number in (1, 2, 3)]
    assert "hunter3" not in done.text


@pytest.mark.parametrize(
    ("skipped", "told"),
    [
        ({}, "logout registry.test\n"),
        ({"skip_remote": True}, "logout registry.test\n"),
        ({"skip_local": True}, None),
    ],
)
def test_logout(
    remote: Any, run: Run, here: Path, skipped: dict[str, bool], told: str | None
) -> None:
    done = run("registry_logout", version="", **skipped)

    assert done.status == 0, done.text
    assert (here.read_text() if here.exists() else None) == told
    assert done.commands() == []  # nobody is logged in there


def test_a_registry_of_this_machine(project: Any, run: Run, here: Path) -> None:
    assert run("registry_setup", version="").status == 0
    assert run("registry_remove", version="").status == 0
    assert here.read_text().splitlines() == [
        "start kamal-docker-registry",
        "stop kamal-docker-registry",
        "rm kamal-docker-registry",
    ]


def test_a_registry_of_this_machine_is_run_where_there_is_none(
    project: Any, run: Run, here: Path
) -> None:
    Path(f"{here}.broken").touch()

    done = run("registry_setup", version="")

    assert done.status == 1
    assert "docker run on this machine: no such container" in done.text
    assert here.read_text().splitlines()[-1] == (
        "run --detach --publish 127.0.0.1:5000:5000 --name kamal-docker-registry registry:3"
    )


def test_without_docker_here(remote: Any, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(remote.folder))

    done = run("registry_login", version="")

    assert done.status == 1
    assert "docker: is not on this machine; install it, or type --skip-local" in done.text
