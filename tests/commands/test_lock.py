"""The deploy lock, taken and given back by real shells."""

from __future__ import annotations

import base64
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamalpy.commands.lock import Details, Lock

LOCK = Lock("blog", "staging")
HELD = Details(
    performer="Ada",
    version="v1",
    message="Automatic deploy lock",
    client="ada@laptop, process 7",
    at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc),
    remedy="kamalpy lock release",
)
TEXT = "Locked by: Ada at 2026-01-02T03:04:05Z\nVersion: v1\nMessage: Automatic deploy lock"
FOLDER = ".kamal/lock-blog-staging"


def test_details_are_in_kamal_s_words() -> None:
    """lib/kamal/commands/lock.rb, ``lock_details``."""
    assert str(HELD) == TEXT


def test_names_of_the_folder() -> None:
    assert (LOCK.folder, Lock("blog").folder) == (FOLDER, ".kamal/lock-blog")


def test_words(sh: Any) -> None:
    name, folder, details, *rest = sh.words(LOCK.acquire(HELD, "token"))

    assert (name, folder) == ("acquire", f"lock={FOLDER}")
    details = details.removeprefix("details=")
    assert base64.b64decode(details).decode() == TEXT
    assert max(len(line) for line in details.splitlines()) == 60
    assert rest == [
        "token=token", "client=ada@laptop, process 7", "remedy=kamalpy lock release", "connection=",
    ]  # fmt: skip
    assert sh.words(LOCK.release("token")) == ["release", f"lock={FOLDER}", "token=token"]
    assert sh.words(LOCK.release()) == ["release", f"lock={FOLDER}", "token="]
    assert sh.words(LOCK.beat("token")) == ["beat", f"lock={FOLDER}", "token=token"]


def test_taking_it(host: Any) -> None:
    assert host.run(LOCK.acquire(HELD, "token")) == (0, "", "")

    files = host.files()
    assert base64.b64decode(files[f"{FOLDER}/details"]).decode() == TEXT
    assert files[f"{FOLDER}/lease"].split(" ", 2)[2] == "token ada@laptop, process 7\n"


def test_it_is_held(host: Any) -> None:
    host.run(LOCK.acquire(HELD, "token"))
    before = host.files()
    (host.home / FOLDER / "lease").write_text("- - token ada@laptop, process 7\n")

    assert host.run(LOCK.acquire(HELD, "another")) == (
        1,
        "",
        "The deploy lock is held:\n"
        "  Locked by: Ada at 2026-01-02T03:04:05Z\n"
        "  Version: v1\n"
        "  Message: Automatic deploy lock\n"
        "  From: ada@laptop, process 7\n"
        "That run is at work: wait for it.\n",
    )
    assert host.files().keys() == before.keys()


def test_kamal_holds_it(host: Any) -> None:
    """Kamal writes details only, in lines of sixty characters."""
    folder = host.home / FOLDER
    folder.mkdir(parents=True)
    (folder / "details").write_bytes(base64.encodebytes(TEXT.encode()))

    assert host.run(LOCK.acquire(HELD, "token")) == (
        1,
        "",
        "The deploy lock is held:\n"
        "  Locked by: Ada at 2026-01-02T03:04:05Z\n"
        "  Version: v1\n"
        "  Message: Automatic deploy lock\n"
        "If nobody deploys any more, take it: kamalpy lock release\n",
    )


@pytest.mark.parametrize(
    ("details", "shown"),
    [
        (None, "  (it does not say by whom)\n"),
        ("", ""),
    ],
)
def test_somebody_holds_it_and_says_nothing(host: Any, details: str | None, shown: str) -> None:
    (host.home / FOLDER).mkdir(parents=True)
    if details is not None:
        (host.home / FOLDER / "details").write_text(details)

    assert host.run(LOCK.acquire(HELD, "token")) == (
        1,
        "",
        f"The deploy lock is held:\n{shown}"
        "If nobody deploys any more, take it: kamalpy lock release\n",
    )


def test_silence(host: Any) -> None:
    host.run(LOCK.acquire(HELD, "token"))
    lease = host.home / FOLDER / "lease"
    lease.write_text("- - token ada@laptop\n")
    os.utime(lease, (time.time() - 300,) * 2)

    _, _, err = host.run(LOCK.acquire(HELD, "another"))

    assert err.splitlines()[-2:] == [
        "That run has been silent for two minutes; its connection hangs, or it does.",
        "If nobody deploys any more, take it: kamalpy lock release",
    ]
    assert host.run(LOCK.beat("token")) == (0, "", "")
    assert "That run is at work" in host.run(LOCK.acquire(HELD, "another")).err


def test_beats_do_not_make_a_lease(host: Any) -> None:
    assert host.run(LOCK.beat("token")) == (0, "", "")
    assert host.files() == {}


def test_a_beat_leaves_the_lease_of_somebody_else_alone(host: Any) -> None:
    host.run(LOCK.acquire(HELD, "token"))
    lease = host.home / FOLDER / "lease"
    os.utime(lease, (time.time() - 300,) * 2)
    before = lease.read_text(), lease.stat().st_mtime

    assert host.run(LOCK.beat("another")) == (0, "", "")

    assert (lease.read_text(), lease.stat().st_mtime) == before


def test_what_cannot_be_written_is_not_taken(host: Any) -> None:
    mkdir = Path(host.path) / "mkdir"
    mkdir.unlink()
    mkdir.write_text('#!/bin/sh\n/bin/mkdir "$@" && { [ "$1" = -p ] || /bin/mkdir "$1/lease"; }\n')
    mkdir.chmod(0o755)

    status, _, err = host.run(LOCK.acquire(HELD, "token"))

    said = f"cannot write to {host.home}/{FOLDER}; the disk may be full"
    assert (status, err.splitlines()[-1]) == (1, said)
    assert not (host.home / FOLDER).exists()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc here")
def test_nobody_takes_it_whose_connection_has_ended(host: Any, connection: Any) -> None:
    held = replace(HELD, session=connection.known_as)
    connection.end()

    assert host.run(LOCK.acquire(held, "token")) == (1, "", "")
    assert host.files() == {}


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc here")
def test_the_connection_it_was_taken_by_is_gone(host: Any, connection: Any) -> None:
    connection.run(LOCK.acquire(replace(HELD, session=connection.known_as), "token"))
    lease = (host.home / FOLDER / "lease").read_text()
    assert lease.startswith(f"{connection.known_as} token ")
    assert "That run is at work" in host.run(LOCK.acquire(HELD, "another")).err

    connection.end()

    assert host.run(LOCK.acquire(HELD, "another")).err.splitlines()[-3:] == [
        "  From: ada@laptop, process 7",
        "That run is dead: the connection it took the lock by is gone.",
        "If nobody deploys any more, take it: kamalpy lock release",
    ]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc here")
def test_another_connection_is_made(host: Any, connection: Any, tmp_path: Path) -> None:
    connection.run(LOCK.acquire(replace(HELD, session=connection.known_as), "token"))
    (tmp_path / "second").mkdir()
    second = type(connection)(host, tmp_path / "second")
    connection.end()

    second.run(LOCK.beat("token"))

    lease = f"{second.known_as} token ada@laptop, process 7\n"
    assert host.files()[f"{FOLDER}/lease"] == lease
    assert list(host.files()) == [f"{FOLDER}/details", f"{FOLDER}/lease"]
    assert "That run is at work" in host.run(LOCK.acquire(HELD, "another")).err
    second.end()
    assert "That run is dead" in host.run(LOCK.acquire(HELD, "another")).err


def test_only_one_of_many_gets_it(host: Any) -> None:
    with ThreadPoolExecutor(8) as pool:
        taking = [pool.submit(host.run, LOCK.acquire(HELD, f"token{n}")) for n in range(8)]

    assert sorted(each.result().status for each in taking) == [0] + [1] * 7
    winner = next(n for n, each in enumerate(taking) if each.result().status == 0)
    assert f" token{winner} " in host.files()[f"{FOLDER}/lease"]


@pytest.mark.parametrize(
    ("token", "is_released"), [("token", True), (None, True), ("another", False)]
)
def test_giving_it_back(host: Any, token: str | None, is_released: bool) -> None:
    host.run(LOCK.acquire(HELD, "token"))

    assert host.run(LOCK.release(token)) == (0, "", "")

    assert (host.home / FOLDER).exists() is not is_released


def test_giving_back_what_is_kamal_s(host: Any) -> None:
    (host.home / FOLDER).mkdir(parents=True)

    assert host.run(LOCK.release("token")) == (0, "", "")
    assert (host.home / FOLDER).is_dir()
    assert host.run(LOCK.release()) == (0, "", "")
    assert not (host.home / FOLDER).exists()
    assert host.run(LOCK.release()) == (0, "", "")


def test_no_lock_can_be_made(host: Any) -> None:
    (host.home / ".kamal").write_text("a file")

    status, _, err = host.run(LOCK.acquire(HELD, "token"))

    assert status == 1
    assert err.splitlines()[-1] == f"cannot make {host.home}/{FOLDER}"


@settings(max_examples=20)
@given(data=st.data())
def test_whatever_is_said_is_data(
    sh: Any, nasty: st.SearchStrategy[str], data: st.DataObject, tmp_path_factory: Any
) -> None:
    host = type(sh)(tmp_path_factory.mktemp("home"), sh.path)
    one_line = nasty.map(lambda text: " ".join(text.split()))
    version, message = data.draw(nasty), data.draw(nasty)
    client, remedy = data.draw(one_line), data.draw(one_line)
    held = Details("Ada", version, message, client, HELD.at, remedy)

    assert host.run(LOCK.acquire(held, "token")) == (0, "", "")

    files = host.files()
    assert sorted(files) == [f"{FOLDER}/details", f"{FOLDER}/lease"]
    assert base64.b64decode(files[f"{FOLDER}/details"]).decode() == str(held)
    assert files[f"{FOLDER}/lease"].split(" ", 2)[2] == f"token {client}\n"
    err = host.run(LOCK.acquire(held, "another")).err
    assert f"\n  From: {client}\n" in err
    assert host.run(LOCK.release()).err == ""
    (host.home / FOLDER).mkdir()
    assert host.run(LOCK.acquire(held, "x")).err.endswith(f"take it: {remedy}\n")
    assert host.names() == [".kamal"]
