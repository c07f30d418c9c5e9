"""``docs/first-deploy.md``, typed: every command that stands there, on one bare server."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fleet.registry import Registry
from lab.configurations import HOST
from lab.host import Host
from lab.project import Project, Result
from lab.servers import Images, Servers

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/first-deploy.md").read_text()
TYPED = [
    line.partition(" #")[0].strip()
    for line in re.findall(r"^    (\S.*)$", PAGE, re.MULTILINE)
    if not line.startswith(("pip ", "ssh ", "export "))
]
PASSWORD = "a long one"
SEEN: set[str] = set()
"""The lines of the page that have run."""


@pytest.fixture(scope="module")
def host(fleet: Servers) -> Host:
    """A server that has nothing yet but Docker, which is not installed from a network here."""
    return fleet.renew(1)[0]


@pytest.fixture(scope="module")
def project(
    host: Host, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> Project:
    """A folder with an app and its Dockerfile, in git."""
    project = new_project()
    shutil.rmtree(project.folder)
    app = project.folder.parent / "guestbook"
    shutil.copytree(ROOT / "examples/web/app", app / "app")
    shutil.copy(ROOT / "examples/web/Dockerfile", app)
    app.rename(project.folder)
    project.environment.update(
        KAMAL_REGISTRY_PASSWORD=registry.password, POSTGRES_PASSWORD=PASSWORD
    )
    return project


@pytest.fixture(scope="module")
def type_(project: Project) -> Callable[..., Result]:
    """Type a line of the page, which must stand there."""

    def typed(line: str, **options: Any) -> Result:
        assert line in TYPED
        SEEN.add(line)
        shell = line.replace("USER", "project")
        return project.run("sh", "-c", shell, **options)

    return typed


@pytest.fixture(scope="module")
def version(project: Project, host: Host, images: Images, registry: Registry, type_: Any) -> str:
    """Write it down, put one's own in four places, and have the image in the registry."""
    done = type_("kamalpy init --postgres")
    assert done.status == 0, done.text
    file = project.folder / "config/deploy.yml"
    text = file.read_text()
    for there, own in (
        ("your-user/project", "acme/test"),
        ("192.0.2.1", host.address),
        ("app.example.com", HOST),
        (
            "  # server: ghcr.io\n  username: your-user",
            f"  server: {registry.server}\n  username: {registry.user}",
        ),
        ("ssl: true", "ssl: false"),  # no name leads here
        ("postgres:17", "postgres:15"),  # which is at hand
    ):
        assert there in text
        text = text.replace(there, own)
    file.write_text(text)
    commit = project.commit()
    images.app(commit)
    return commit


def test_looking_before_anything_happens(host: Host, type_: Any, version: str) -> None:
    full = type_("kamalpy config --full")
    assert full.status == 0, full.text
    assert "app_port: 8080" in full.out
    assert f"postgres://project:{PASSWORD}" not in full.text
    checked = type_("kamalpy secrets check")
    assert checked.status == 0, checked.text
    told = type_("kamalpy build push")
    assert f"acme/test:{version}" in told.text
    dry = type_("kamalpy setup --dry")
    assert dry.status == 0, dry.text
    assert host.docker_ps(everything=True) == []


def test_setup(host: Host, type_: Any, version: str) -> None:
    done = type_("kamalpy setup")
    assert done.status == 0, done.text
    assert host.docker_ps() == ["kamal-proxy", "project-postgres", f"project-web-{version}"]
    assert host.get("/version", HOST).text == f"{version}\n"
    post = f"curl -sS -H 'Host: {HOST}' -d kept http://localhost/notes"
    host.wait_for(f"{post} | grep -q thank")
    assert json.loads(host.get("/notes", HOST).text) == ["kept"]
    assert "project-web" in type_("kamalpy details").out
    assert "GET /up" in type_("kamalpy app logs").out
    env = type_("kamalpy app exec --reuse 'env | sort'")
    assert "KAMAL_VERSION" in env.out, env.text


def test_the_next_version_and_back(
    host: Host, project: Project, images: Images, type_: Any, version: str
) -> None:
    project.write("app/new.py", "")
    after = project.commit()
    images.app(after)
    done = type_("kamalpy deploy")
    assert done.status == 0, done.text
    assert host.get("/version", HOST).text == f"{after}\n"
    back = type_("kamalpy rollback")
    assert back.status == 0, back.text
    assert host.get("/version", HOST).text == f"{version}\n"
    assert json.loads(host.get("/notes", HOST).text) == ["kept"]


def test_a_copy_of_the_data(project: Project, type_: Any, version: str) -> None:
    line = "kamalpy accessory exec postgres --reuse --raw -q 'pg_dump -U USER USER' >backup.sql"
    done = type_(line)
    assert done.status == 0, done.text
    assert "kept" in (project.folder / "backup.sql").read_text()


def test_no_command_of_the_page_was_left_out() -> None:
    """The last test of this file: those above run the page from its beginning to its end."""
    assert set(TYPED) - SEEN == set()
