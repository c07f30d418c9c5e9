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
from lab.client import give_docker
from lab.configurations import HOST
from lab.host import Host
from lab.project import Project, Result
from lab.servers import Images, Servers

from kamalpy.secrets import Secrets

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/first-deploy.md").read_text()
LINES = re.findall(r"^    (\S.*)$", PAGE, re.MULTILINE)
TYPED = [
    line.partition("  #")[0].strip()
    for line in LINES
    if not line.startswith(("ssh", "export "))  # the test bed has made the key
]
SEEN: set[str] = set()
"""The lines of the page that have run."""

BUILDER = "driver: docker\n  args: {VERSION: <%= `git rev-parse HEAD`.strip %>}"


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
    for file in ("Dockerfile", "requirements.txt"):
        shutil.copy(ROOT / "examples/web" / file, app)
    app.rename(project.folder)
    give_docker(images.fleet, project, host)
    project.environment["KAMAL_REGISTRY_PASSWORD"] = registry.password
    project.run("git", "init", "--quiet")
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
    """Write it down, put one's own in four places, commit, and have the image in the registry."""
    done = type_("kamalpy init --postgres")
    assert done.status == 0, done.text
    assert "generated and encrypted POSTGRES_PASSWORD" in done.out
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
        ("ssl: true", "ssl: false"),  # no name resolves to it
        ("postgres:17", "postgres:15"),  # which is at hand
        ("arch: amd64", f"arch: amd64\n  {BUILDER}"),  # no image of BuildKit is at hand
    ):
        assert there in text
        text = text.replace(there, own)
    file.write_text(text)
    return commit(project, type_)


def commit(project: Project, type_: Any) -> str:
    """Commit as the page says."""
    assert type_("git add --all").status == 0
    done = type_('git commit --message "Deploy with kamalpy"')
    assert done.status == 0, done.text
    return project.run("git", "rev-parse", "HEAD").out.strip()


def password(project: Project) -> str:
    """Read the password that was generated."""
    return Secrets(root=project.folder, environ={}).value("POSTGRES_PASSWORD")


def test_looking_before_anything_happens(
    host: Host, project: Project, type_: Any, version: str
) -> None:
    full = type_("kamalpy config --full")
    assert full.status == 0, full.text
    assert "app_port: 8080" in full.out
    assert password(project) not in full.text
    assert project.run("git", "log", "-p", "--all").text.count(password(project)) == 0
    dry = type_("kamalpy setup --dry")
    assert dry.status == 0, dry.text
    assert f"acme/test:{version} and push it  @local" in dry.text
    assert host.docker_ps(everything=True) == []


def test_secrets(project: Project, type_: Any, version: str) -> None:
    set_ = project.run("sh", "-c", "echo canary | kamalpy secrets set API_KEY --stdin")
    assert set_.status == 0, set_.text
    SEEN.add("kamalpy secrets set API_KEY")
    checked = type_("kamalpy secrets check")
    assert checked.status == 0, checked.text
    assert "canary" not in checked.text
    assert checked.err == ""


def test_doctor(host: Host, project: Project, type_: Any, version: str) -> None:
    done = type_("kamalpy doctor")
    problems = [line for line in done.out.splitlines() if line.startswith("problem")]
    assert [line for line in problems if HOST not in line] == [], done.text
    assert f"ok       servers   {host.address}: SSH as root, Docker " in done.out
    offline = type_("kamalpy doctor --offline")
    assert offline.status == 0, offline.text


def test_setup(host: Host, type_: Any, version: str) -> None:
    done = type_("kamalpy setup")
    assert done.status == 0, done.text
    assert host.docker_ps() == ["kamal-proxy", "project-postgres", f"project-web-{version}"]
    assert host.get("/version", HOST).text == f"{version}\n"
    note(host, "kept")
    assert notes(host) == ["kept"]
    assert "project-web" in type_("kamalpy details").out
    assert "GET /up" in type_("kamalpy app logs").out
    env = type_("kamalpy app exec --reuse 'env | sort'")
    assert "KAMAL_VERSION" in env.out, env.text


def test_the_next_version_and_back(
    host: Host, project: Project, images: Images, type_: Any, version: str
) -> None:
    project.write("app/new.py", "")
    after = commit(project, type_)
    assert type_("kamalpy plan").status == 2
    done = type_("kamalpy deploy")
    assert done.status == 0, done.text
    assert host.get("/version", HOST).text == f"{after}\n"
    back = type_("kamalpy rollback")
    assert back.status == 0, back.text
    assert host.get("/version", HOST).text == f"{version}\n"
    assert notes(host) == ["kept"]


def test_a_command_such_as_a_migration(type_: Any, version: str) -> None:
    done = type_("kamalpy app exec --primary 'python -V'")
    assert done.status == 0, done.text
    assert "Python 3" in done.out


def test_migrations_by_a_hook(
    host: Host, project: Project, images: Images, type_: Any, version: str
) -> None:
    (hook,) = re.findall(r"^```sh\n(#!/bin/sh\n.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert "'bin/rails db:migrate'" in hook
    hook = hook.replace("'bin/rails db:migrate'", "'cat VERSION' >migrated 2>&1")
    project.write(".kamal/hooks/pre-app-boot", hook, 0o755)
    after = commit(project, type_)
    done = type_("kamalpy deploy")
    assert done.status == 0, done.text
    assert after in (project.folder / "migrated").read_text().splitlines()
    (project.folder / ".kamal/hooks/pre-app-boot").unlink()


def test_a_backup_and_the_way_back(host: Host, project: Project, type_: Any, version: str) -> None:
    dump = "pg_dump --clean --if-exists -U USER USER"
    done = type_(f"kamalpy accessory exec postgres --reuse --raw -q '{dump}' >backup.sql")
    assert done.status == 0, done.text
    assert "kept" in (project.folder / "backup.sql").read_text()
    note(host, "after the backup")
    assert notes(host) == ["kept", "after the backup"]

    back = "psql -q -o /dev/null -U USER USER"
    restored = type_(f"kamalpy accessory exec postgres --reuse -i '{back}' <backup.sql")
    assert restored.status == 0, restored.text
    assert notes(host) == ["kept"]


def test_no_command_of_the_page_was_left_out() -> None:
    """The last test of this file: those above run the page from its beginning to its end."""
    assert set(TYPED) - SEEN == set()


def note(host: Host, text: str) -> None:
    """Write into the guest book."""
    post = f"curl -sS -H 'Host: {HOST}' -d '{text}' http://localhost/notes"
    host.wait_for(f"{post} | grep -q thank")


def notes(host: Host) -> list[str]:
    """Read the guest book."""
    found: list[str] = json.loads(host.get("/notes", HOST).text)
    return found
