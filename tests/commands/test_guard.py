"""Whoever is gone cannot commit: the host takes back what they have begun."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from importlib import resources
from typing import Any

import pytest
from pyinfra.api.command import QuoteString, StringCommand

from kamalpy.commands.app import Commit, Release, Times
from kamalpy.commands.audit import Event
from kamalpy.commands.base import docker as docker_command
from kamalpy.spec.app import App
from kamalpy.spec.container import ContainerSpec
from kamalpy.spec.route import Route

TOKEN = "0123456789abcdef"
MARKER = ".kamal/apps/blog/deploying-web"
RELEASE = Release("blog", "web", "new", TOKEN, docker_command("exec", "proxy", "back"), 3)
SPEC = ContainerSpec(name="new", image="acme/blog:v2")
OLD = {"old": "old0123456789 running"}
BACK = ["exec", "proxy", "back"]


@pytest.fixture
def release(connection: Any) -> Release:
    """A deploy that goes over a connection."""
    return replace(RELEASE, session=connection.known_as)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as pool:
        yield pool


def boot(host: Any, release: Release) -> Any:
    return host.run(release.boot(SPEC, None, Event("Booted"), Times(5, 0, 0)))


def revert(host: Any, release: Release) -> Any:
    return host.run(release.revert(Event("Reverted")))


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def running_slowly(host: Any, docker: Any, release: Release, pool: Any) -> Future[Any]:
    """Boot, up to where Docker is about to run the container, and does not get on."""
    (docker.folder / "slow").touch()
    booting: Future[Any] = pool.submit(boot, host, release)
    wait_until(lambda: bool(docker.calls))
    return booting


def is_taken_back(host: Any, docker: Any) -> bool:
    return docker.containers == OLD and MARKER not in host.files()


@pytest.mark.parametrize(("switched", "back"), [(False, []), (True, [BACK])])
def test_when_the_connection_ends(
    host: Any, docker: Any, connection: Any, release: Release, switched: bool, back: list[list[str]]
) -> None:
    docker.has(OLD)
    assert boot(host, release).status == 0
    if switched:
        assert host.run(release.switch(Route(service="blog-web"))).status == 0
    begun = len(docker.calls)

    connection.end()

    wait_until(lambda: is_taken_back(host, docker))
    assert [words for words in docker.calls[begun:] if words[0] == "exec"] == back


def test_before_a_container_runs(host: Any, docker: Any, connection: Any, release: Release) -> None:
    connection.end()

    assert boot(host, release).status == 1

    assert (docker.calls, host.files()) == ([], {})


def test_while_docker_runs_the_container(
    host: Any, docker: Any, connection: Any, release: Release, pool: ThreadPoolExecutor
) -> None:
    docker.has(OLD)
    booting = running_slowly(host, docker, release, pool)

    connection.end()
    time.sleep(0.2)
    (docker.folder / "slow").unlink()

    assert booting.result().status == 1
    assert is_taken_back(host, docker)


def test_revert_while_docker_runs_the_container(
    host: Any, docker: Any, release: Release, pool: ThreadPoolExecutor
) -> None:
    docker.has(OLD)
    booting = running_slowly(host, docker, release, pool)

    reverting = pool.submit(revert, host, release)
    time.sleep(0.2)
    assert not reverting.done()
    (docker.folder / "slow").unlink()

    assert (reverting.result().status, booting.result().status) == (0, 1)
    assert is_taken_back(host, docker)


def test_revert_waits_until_the_proxy_has_finished(
    host: Any, docker: Any, connection: Any, pool: ThreadPoolExecutor
) -> None:
    docker.has({**OLD, "new": "new0123456789 running"})
    (host.home / MARKER).parent.mkdir(parents=True)
    (host.home / MARKER).write_text(f"{TOKEN} switched new0123456789 {connection.known_as}\n")

    reverting = pool.submit(revert, host, RELEASE)
    time.sleep(0.2)
    assert docker.calls == []
    connection.end()

    assert reverting.result().status == 0
    assert docker.calls[0] == BACK
    assert is_taken_back(host, docker)


def test_a_way_back_that_fails_is_tried_again(
    host: Any, docker: Any, connection: Any, release: Release
) -> None:
    docker.has(OLD)
    assert boot(host, release).status == 0
    assert host.run(release.switch(Route(service="blog-web"))).status == 0
    docker.fails("exec")

    connection.end()
    wait_until(lambda: docker.calls.count(BACK) > 1)
    docker.fails()

    wait_until(lambda: is_taken_back(host, docker))


def test_a_way_back_that_keeps_failing_is_given_up_and_leaves_a_note(
    host: Any, docker: Any, connection: Any, release: Release
) -> None:
    docker.has(OLD)
    assert boot(host, release).status == 0
    assert host.run(release.switch(Route(service="blog-web"))).status == 0
    docker.fails("exec", saying="the proxy is\nbroken")

    connection.end()
    wait_until(lambda: f"{MARKER}.note" in host.files())

    said = "new could not be taken back after its connection was lost: the proxy is broken\n"
    assert host.files()[f"{MARKER}.note"] == said
    tried = docker.calls.count(BACK)
    time.sleep(0.3)
    assert docker.calls.count(BACK) == tried < 100


def test_the_next_boot_begins_without_the_note(host: Any, docker: Any) -> None:
    docker.has(OLD)
    for name in (MARKER, f"{MARKER}.note", f"{MARKER}.end"):
        (host.home / name).parent.mkdir(parents=True, exist_ok=True)
        (host.home / name).write_text("another switched old\n")

    assert boot(host, RELEASE).status == 0

    assert list(host.files()) == [MARKER]


@pytest.mark.parametrize("ends", ["committed", "taken back"])
def test_a_deploy_ends_either_way_on_a_full_disk(
    host: Any, docker: Any, connection: Any, release: Release, ends: str
) -> None:
    docker.has(OLD)
    assert boot(host, release).status == 0
    (host.home / f"{MARKER}.end").touch()  # all that a full disk leaves of a decision

    if ends == "committed":
        assert host.run(release.commit(Commit(App("blog"), "v2", "acme/blog:v2"), [MARKER]))[0] == 0
        assert MARKER not in host.files()
        assert set(docker.containers) == {"old", "new"}
    else:
        connection.end()
        wait_until(lambda: is_taken_back(host, docker))


def test_a_boot_waits_for_an_earlier_deploy_that_is_being_taken_back(
    host: Any, docker: Any, connection: Any, release: Release, pool: ThreadPoolExecutor
) -> None:
    docker.has(OLD)
    assert boot(host, release).status == 0
    (docker.folder / "slow").touch()
    begun = len(docker.calls)
    connection.end()
    wait_until(lambda: len(docker.calls) > begun)

    booting = pool.submit(boot, host, replace(RELEASE, token="another"))
    time.sleep(0.2)
    assert not booting.done()
    (docker.folder / "slow").unlink()

    said = "an earlier deploy was being taken back on this host; deploy again\n"
    assert booting.result() == (1, "", said)
    assert is_taken_back(host, docker)
    assert boot(host, replace(RELEASE, token="another")).status == 0


def test_an_earlier_deploy_is_not_taken_back_once_another_boots(
    host: Any, docker: Any, connection: Any, release: Release
) -> None:
    docker.has(OLD)
    assert boot(host, release).status == 0
    newer = replace(RELEASE, container="newer", token="another")
    assert host.run(newer.boot(replace(SPEC, name="newer"), None, Event("Booted"), Times(5, 0, 0)))

    connection.end()
    time.sleep(1.5)

    assert set(docker.containers) == {"old", "new", "newer"}
    assert host.files()[MARKER].startswith("another healthy")


def test_a_commit_that_was_on_its_way_is_waited_for(
    host: Any, docker: Any, connection: Any, release: Release
) -> None:
    docker.has(OLD)
    sleep = host.home.parent / "programs/sleep"
    sleep.write_text(sleep.read_text().replace("0.02", "0.5"))
    assert boot(host, release).status == 0

    connection.end()
    time.sleep(0.2)
    commit = release.commit(Commit(App("blog"), "v2", "acme/blog:v2"), [MARKER])
    assert host.run(commit) == (0, "", "")
    time.sleep(1.2)

    assert docker.containers == {**OLD, "new": "new0123456789 running"}


def logind(docker: Any, home: Any, user: int) -> None:
    """Stand in for a logind that ends what a session leaves running, and for systemd-run."""
    programs = docker.folder.parent
    for name, text in {
        "busctl": "echo b true",
        "id": f"[ $1 = -un ] && echo ann || echo {user}",
        "systemd-run": f'echo "$1 $2 $3" >>{home}/scopes; shift 2; "$@"',
    }.items():
        (programs / name).unlink(missing_ok=True)
        (programs / name).write_text(f"#!/bin/sh\n{text}\n")
        (programs / name).chmod(0o755)


def test_a_guard_that_logind_would_end_has_a_scope_of_its_own(
    host: Any, docker: Any, connection: Any, release: Release
) -> None:
    docker.has(OLD)
    logind(docker, host.home, 0)

    assert boot(host, release).status == 0
    connection.end()

    wait_until(lambda: is_taken_back(host, docker))
    assert host.files()["scopes"] == "--scope --quiet sh\n"


def test_a_guard_that_logind_will_end_is_noted(host: Any, docker: Any, release: Release) -> None:
    docker.has(OLD)
    logind(docker, host.home, 1000)

    assert boot(host, release).status == 0

    note = host.files()[f"{MARKER}.logind.note"]
    assert note.startswith("systemd-logind ends what ann leaves running (KillUserProcesses=yes)")
    assert note.endswith("type there: loginctl enable-linger\n")
    assert "scopes" not in host.files()


def test_a_mark_is_read_whole_while_the_next_one_is_made(host: Any) -> None:
    folder = resources.files("kamalpy.commands") / "scripts"
    text = "".join((folder / f"{name}.sh").read_text() for name in ("session", "undo"))
    marks = """
    marker=folder/marker token=token
    mark booting -
    (while [ "${#many}" -lt 90 ]; do many=x$many; mark healthy id; done; mark end -) &
    while [ "$stage" != end ]; do pending || exit 1; done
    """

    assert host.run(StringCommand("sh", "-c", QuoteString(text + marks))) == (0, "", "")
