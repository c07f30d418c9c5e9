"""What a host without Docker says of itself, in every shell."""

from __future__ import annotations

import base64
import getpass
import grp
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamalpy.commands.state_query import StateQuery
from kamalpy.facts.state import HostFacts
from kamalpy.spec.digest import digest

ME = f"{getpass.getuser()}:{grp.getgrgid(os.getgid()).gr_name} {os.getuid()}:{os.getgid()}"
KEY = "0123456789abcdef"


@pytest.fixture(scope="session")
def tell() -> Callable[..., dict[str, Any]]:
    """Ask a host, and read its answer."""

    def ask(host: Any, asked: StateQuery = StateQuery(), **environ: str) -> dict[str, Any]:  # noqa: B008
        status, out, err = host.run(asked.state(), f"{KEY}\n", **environ)
        assert (status, err) == (0, "")
        return HostFacts().process(out.split("\n")[:-1])

    return ask


def test_nothing_there(host: Any, tell: Any) -> None:
    answer = tell(host)
    del answer["session"]  # whoever runs the tests may have come by SSH
    assert answer == {"home": str(host.home), "docker": "absent"}


def test_the_process_that_serves_the_connection(host: Any, connection: Any) -> None:
    answer = HostFacts().process(connection.run(StateQuery().state()).splitlines())
    assert (answer["session"], answer["docker"]) == (connection.known_as, "absent")


def test_files_and_directories(host: Any, tell: Any) -> None:
    (host.home / "folder").mkdir(mode=0o750)
    for name, content, mode in (
        ("folder/a b", b"\x00\xff\n", 0o600),
        ("empty", b"", 0o444),
        ("-rf", b"dash", 0o4755),
        ("$(touch pwned)", b"x", 0o644),
    ):
        (host.home / name).write_bytes(content)
        (host.home / name).chmod(mode)
    (host.home / "link").symlink_to("empty")
    (host.home / "nowhere").symlink_to("none")
    paths = ("folder", "folder/a b", "empty", "-rf", "$(touch pwned)", "link", "nowhere", "none")

    found = tell(host, StateQuery(paths=(*paths, f"{host.home}/empty")))["files"]

    def file(mode: str, content: bytes) -> dict[str, str]:
        return {"kind": "file", "mode": mode, "owner": ME, "digest": digest(KEY, content)}

    assert found == {
        "folder": {"kind": "directory", "mode": "750", "owner": ME, "digest": "-"},
        "folder/a b": file("600", b"\x00\xff\n"),
        "empty": file("444", b""),
        "-rf": file("4755", b"dash"),
        "$(touch pwned)": file("644", b"x"),
        "link": file("444", b""),
        f"{host.home}/empty": file("444", b""),
    }


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, {}),
        ({"auths": {}}, {}),
        ({"auths": {}, "HttpHeaders": {"User-Agent": "Docker-Client/19"}}, {}),
        ({"credsStore": "pass", "auths": {"registry.test": {}}}, {"registry.test": ""}),
        ({"auths": {"registry.test:5000": {"auth": "YTpi"}}}, {"registry.test:5000": "YTpi"}),
        (
            {
                "HttpHeaders": {"A": "b"},
                "auths": {
                    "https://index.docker.io/v1/": {"auth": "YTpi"},
                    "a.test": {"auth": "Yzpk", "identitytoken": "t"},
                    "b.test": {"email": "x@y", "auth": "ZTpm"},
                },
                "credHelpers": {"gcr.io": "gcloud"},
            },
            {"https://index.docker.io/v1/": "YTpi", "a.test": "Yzpk", "b.test": "ZTpm"},
        ),
    ],
    ids=lambda value: ",".join(value),
)
@pytest.mark.parametrize("indent", [None, "\t", 2])
def test_logins(
    host: Any, tell: Any, config: dict[str, Any], expected: dict[str, str], indent: Any
) -> None:
    (host.home / ".docker").mkdir()
    (host.home / ".docker/config.json").write_text(json.dumps(config, indent=indent))

    digests = {server: digest(KEY, auth.encode()) for server, auth in expected.items()}
    assert tell(host).get("logins", {}) == digests


def test_logins_kept_elsewhere(host: Any, tell: Any) -> None:
    (host.home / "config.json").write_text('{"auths":{"a.test":{"auth":"YTpi"}}}')

    assert list(tell(host, DOCKER_CONFIG=str(host.home))["logins"]) == ["a.test"]


def lock(host: Any, details: str, lease: str | None = None, age: float = 0) -> None:
    folder = host.home / ".kamal/lock-blog"
    folder.mkdir(parents=True)
    (folder / "details").write_text(details)
    if lease is not None:
        (folder / "lease").write_text(lease)
        os.utime(folder / "lease", (time.time() - age,) * 2)


DETAILS = base64.encodebytes(b"Locked by: ann\nMessage: " + b"x" * 90).decode()
SAID = "Locked by: ann\nMessage: " + "x" * 90


@pytest.mark.parametrize(
    ("details", "lease", "age", "expected"),
    [
        (DETAILS, None, 0, (SAID, "unknown")),
        (DETAILS, "- - token ann@laptop\n", 0, (SAID, "alive")),
        (DETAILS, "- - token ann@laptop\n", 300, (SAID, "silent")),
        (DETAILS, "999999999 1 token ann@laptop\n", 0, (SAID, "dead")),
        (DETAILS, "", 0, (SAID, "dead")),
        ("", None, 0, ("", "unknown")),
        ("x", None, 0, ("x", "unknown")),
    ],
)
def test_lock(
    host: Any, tell: Any, details: str, lease: str | None, age: float, expected: tuple[str, str]
) -> None:
    lock(host, details, lease, age)

    found = tell(host, StateQuery(lock=".kamal/lock-blog"))["lock"]

    assert (found["details"], found["owner"]) == expected


def test_lock_of_a_process_that_is_another_by_now(host: Any, tell: Any) -> None:
    if not Path("/proc/self/stat").exists():
        pytest.skip("there is no /proc here")
    started = Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19]
    lock(host, DETAILS, f"{os.getpid()} {started} token ann\n")
    assert tell(host, StateQuery(lock=".kamal/lock-blog"))["lock"]["owner"] == "alive"

    (host.home / ".kamal/lock-blog/lease").write_text(f"{os.getpid()} 1{started} token ann\n")
    assert tell(host, StateQuery(lock=".kamal/lock-blog"))["lock"]["owner"] == "dead"


def test_variables_of_the_server(host: Any, tell: Any) -> None:
    values = {"BASE": "/srv", "EMPTY": "", "key": "a\nb\n\n", "HOSTILE": "$(touch pwned) 'x'"}
    asked = StateQuery(variables=(*values, "NONE", "$(touch pwned)", "-0", ""))

    assert tell(host, asked, **values)["variables"] == values
    assert tell(host, StateQuery(variables=("HOSTNAME",)))["variables"] == {
        "HOSTNAME": os.uname().nodename
    }
    assert host.names() == []


def test_no_lock(host: Any, tell: Any) -> None:
    assert "lock" not in tell(host, StateQuery(lock=".kamal/lock-blog"))
    lock(host, DETAILS)
    assert "lock" not in tell(host)


def test_what_kamal_keeps_of_the_proxy(host: Any, tell: Any) -> None:
    folder = host.home / ".kamal/proxy"
    folder.mkdir(parents=True)
    (folder / "options").write_text("--publish 80:80\n--publish 443:443\n")
    (folder / "image_version").write_text("v0.9.2")
    (folder / "unknown").write_text("x")

    assert tell(host)["proxy_options"] == {
        "options": "--publish 80:80 --publish 443:443",
        "image_version": "v0.9.2",
    }


@settings(max_examples=30)
@given(data=st.data())
def test_every_word_of_a_query_is_data(
    sh: Any, tell: Any, nasty: st.SearchStrategy[str], data: st.DataObject, tmp_path_factory: Any
) -> None:
    host = type(sh)(tmp_path_factory.mktemp("home"), sh.path)
    several = st.lists(nasty, max_size=4).map(tuple)
    asked = StateQuery(*(data.draw(several) for _ in range(4)), lock=data.draw(nasty.filter(bool)))

    answer = tell(host, asked)

    assert (answer["docker"], answer["home"]) == ("absent", str(host.home))
    assert host.names() == []
