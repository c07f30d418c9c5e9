"""What docker is asked to list, and which log lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kamalpy.commands import audit, listing
from kamalpy.commands.execution import Where
from kamalpy.commands.logs import NOTHING, Logs
from kamalpy.spec.app import App

ROLE = Where.role(App("blog", "jobs", "staging"), "acme/blog:latest-staging")
DOCKER = """#!/bin/sh
case $1-$* in
  ps-*) echo 0123456789 ;;
  image-*) exit 1 ;;
  inspect-*nothere) exit 1 ;;
  inspect-*'{{.Name}}'*) echo /blog-jobs-staging-v7 ;;
  inspect-*) echo 0123456789 ;;
  logs-*) printf '%s\\n' "$*" one two >&2 ;;
esac
"""


@pytest.fixture
def docker(host: Any) -> Any:
    """A host with a container that has written two lines."""
    program = Path(host.path) / "docker"
    program.write_text(DOCKER)
    program.chmod(0o755)
    if not (grep := Path(host.path) / "grep").exists():
        grep.symlink_to("/usr/bin/grep")
    return host


def test_lists_follow_kamal() -> None:
    labels = App("blog", "jobs").labels

    assert listing.running(labels).get_raw_value() == (
        "docker ps --filter label=service=blog --filter label=role=jobs "
        "--filter label=destination=''"
    )
    assert listing.containers({"service": "a b"}).get_raw_value() == (
        "docker container ls --all --filter label=service='a b'"
    )
    assert listing.images("ghcr.io/acme/blog").get_raw_value() == (
        "docker image ls ghcr.io/acme/blog"
    )
    assert listing.proxy().get_raw_value() == "docker ps --filter 'name=^kamal-proxy$'"


def test_a_role_and_what_its_host_has_noted(host: Any, docker: Any) -> None:
    app = App("blog", "web", "staging")
    listed = host.run(listing.role(app)).out

    (host.home / ".kamal/apps/blog-staging").mkdir(parents=True)
    (host.home / ".kamal/apps/blog-staging/deploying-web.note").write_text("could not\n")

    assert host.run(listing.role(app)) == (0, f"{listed}could not\n", "")


def test_the_version_that_serves(docker: Any) -> None:
    assert docker.run(listing.version(ROLE)) == (0, "v7\n", "")


def test_the_end_of_the_audit_log(host: Any) -> None:
    command = audit.read(".kamal/blog-audit.log", 2)
    assert host.run(command) == (0, "", "")
    (host.home / ".kamal").mkdir()
    (host.home / ".kamal/blog-audit.log").write_text("one\ntwo\nthree\n")
    assert host.run(command) == (0, "two\nthree\n", "")


ASKED = [
    (Logs(), "logs --timestamps 0123456789\none\ntwo\n"),
    (Logs(times=False, lines="5", since="42m"), "logs --tail 5 --since 42m 0123456789\none\ntwo\n"),
    (Logs(grep="T[w]O", grep_options=("-i",)), "two\n"),
    (Logs(grep="x'; touch pwned; '"), ""),
    (Logs(grep="-v"), ""),
]


@pytest.mark.parametrize(("logs", "said"), ASKED)
def test_logs(docker: Any, logs: Logs, said: str) -> None:
    assert docker.run(logs.of(ROLE)) == (0, said, "")
    assert docker.names() == []


def test_logs_of_nothing(docker: Any) -> None:
    assert docker.run(Logs().of(Where("nothere", container="nothere"))).status == NOTHING


def test_a_pattern_that_is_none(docker: Any) -> None:
    assert docker.run(Logs(grep="[").of(ROLE)).status == 2
