"""A project as small as it can be; tests add lines to its deploy.yml."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def deploy_yml() -> str:
    """The shortest deploy.yml that is complete."""
    return """\
service: blog
image: acme/blog
servers: [10.0.0.1]
registry: {username: acme, password: [TOKEN]}
builder: {arch: amd64}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deploy_yml: str) -> Path:
    """The folder of that deploy.yml, its secret and a Dockerfile, in which commands run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VERSION", "v1")
    (tmp_path / "config").mkdir()
    (tmp_path / "config/deploy.yml").write_text(deploy_yml)
    (tmp_path / ".kamal").mkdir()
    (tmp_path / ".kamal/secrets").write_text("TOKEN=canary\n")
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    return tmp_path


@pytest.fixture
def add_lines(project: Path) -> Callable[[str], None]:
    """Add lines to that deploy.yml."""

    def add(lines: str) -> None:
        with (project / "config/deploy.yml").open("a") as file:
            file.write(lines)

    return add
