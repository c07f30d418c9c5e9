"""The version: asked for, in VERSION, or from git."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kamalpy.config import Configuration, load
from kamalpy.errors import VersionError

Deploy = Callable[..., Configuration]


def git(folder: Path, *words: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *words]
    answer = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return answer.stdout.strip()


@pytest.fixture
def committed(deploy: Deploy, tmp_path: Path) -> str:
    deploy("builder: {arch: amd64, context: .}\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "first")
    return git(tmp_path, "rev-parse", "HEAD")


def version(folder: Path, **environ: str) -> str:
    return load(root=folder, environ=environ).version


def test_an_option_wins_over_the_environment_then_git(committed: str, tmp_path: Path) -> None:
    assert load(root=tmp_path, environ={"VERSION": "v2"}, version="v1").version == "v1"
    assert version(tmp_path, VERSION="v2") == "v2"
    assert version(tmp_path) == committed


def test_an_empty_version_is_none(committed: str, tmp_path: Path) -> None:
    assert load(root=tmp_path, environ={"VERSION": ""}, version="").version == committed


def test_uncommitted_changes(committed: str, tmp_path: Path) -> None:
    (tmp_path / "new").write_text("1")
    first = version(tmp_path)
    assert re.fullmatch(rf"{committed}_uncommitted_[0-9a-f]{{16}}", first)
    assert version(tmp_path) == first


CHANGES: list[Callable[[Path], object]] = [
    lambda folder: (folder / "new").write_text("2"),
    lambda folder: (folder / "other").write_text("1"),
    lambda folder: (folder / "new").unlink(),
    lambda folder: (folder / "new").rename(folder / "älter"),
    lambda folder: (folder / "link").symlink_to("nowhere"),
    lambda folder: (
        git(folder, "mv", "config/deploy.yml", "config/moved.yml")
        or (folder / "config/deploy.yml").symlink_to("moved.yml")
    ),
]


@pytest.mark.parametrize("change", range(len(CHANGES)))
def test_other_changes_are_another_version(committed: str, tmp_path: Path, change: int) -> None:
    (tmp_path / "new").write_text("1")
    first = version(tmp_path)
    CHANGES[change](tmp_path)
    assert version(tmp_path) != first


def test_a_build_from_a_clone_does_not_see_changes(
    committed: str, deploy: Deploy, tmp_path: Path
) -> None:
    assert deploy(version=None).version == committed


def test_without_git(deploy: Deploy, tmp_path: Path) -> None:
    config = deploy(version=None)
    with pytest.raises(VersionError) as caught:
        _ = config.version
    assert str(caught.value) == (
        f"no version: {tmp_path} is no git repository; run git init and commit, "
        "or give one with --version, or set VERSION"
    )


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (None, "git is not on this machine; install it"),
        (
            "echo 'fatal: add safe.directory' >&2; exit 128",
            "git does not use {0}, which belongs to another user; "
            "run git config --global --add safe.directory {0}",
        ),
    ],
)
def test_a_git_that_cannot_be_used(
    deploy: Deploy,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    program: str | None,
    reason: str,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    if program:
        (tmp_path / "bin/git").write_text(f"#!/bin/sh\n{program}\n")
        (tmp_path / "bin/git").chmod(0o755)
    with pytest.raises(VersionError) as caught:
        _ = deploy(version=None).version
    expected = f"no version: {reason.format(tmp_path)}, or give one with --version, or set VERSION"
    assert str(caught.value) == expected


def test_without_a_commit(deploy: Deploy, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    with pytest.raises(VersionError) as caught:
        _ = deploy(version=None).version
    assert str(caught.value) == (
        f"no version: nothing has been committed in {tmp_path}; "
        "commit, or give one with --version, or set VERSION"
    )
