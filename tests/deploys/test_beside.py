"""The verbs of what an app stands on: which host is told what, in which order, and who refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
ACCESSORIES = {
    "db": {"image": "postgres:15", "hosts": ["h2.test", "h3.test"]},
    "cache": {"image": "redis", "host": "h3.test"},
}


@pytest.fixture
def beside(project: Any) -> Any:
    """The project with two accessories; no version is told, and none is needed."""
    project.configure(accessories=ACCESSORIES)
    return project


def framed(done: Any) -> list[tuple[str, str]]:
    """List who was told what, without the lock around it."""
    told: list[tuple[str, str]] = done.commands()
    assert (told[0][1], told[-1][1]) == ("acquire", "release")
    return told[1:-1]


def test_accessories_are_booted_once(beside: Any, run: Run) -> None:
    done = run("accessory_boot", version="", accessory="all")
    assert done.status == 0, done.text
    assert beside.running()["h2.test"] == ["blog-db"]
    assert beside.running()["h3.test"] == ["blog-cache", "blog-db"]

    again = run("accessory_boot", version="", accessory="all")
    assert (again.status, again.commands()) == (0, [])


def test_one_accessory_stops_and_starts(beside: Any, run: Run) -> None:
    assert run("accessory_boot", version="", accessory="all").status == 0

    assert framed(run("accessory_stop", version="", accessory="cache")) == [("h3.test", "stop")]
    assert beside.running()["h3.test"] == ["blog-db"]
    assert run("accessory_stop", version="", accessory="cache").commands() == []
    assert framed(run("accessory_start", version="", accessory="cache")) == [("h3.test", "start")]
    assert run("accessory_start", version="", accessory="cache").commands() == []


def test_rolling_is_host_after_host(beside: Any, run: Run) -> None:
    done = run("accessory_upgrade", version="", accessory="db", rolling=True)
    assert [host for host, name in framed(done) if name in ("pull", "run")] == [
        *("h2.test", "h2.test", "h3.test", "h3.test")
    ]

    assert run("proxy_boot", version="").status == 0
    beside.hook("pre-proxy-reboot", "")
    beside.hook("post-proxy-reboot", "")
    done = run("proxy_reboot", version="", rolling=True)
    assert [host for host, name in framed(done) if name == "run"] == ["h1.test", "h2.test"]
    assert beside.hooks == [
        f"{when}-proxy-reboot proxy  {host}"
        for host in ("h1.test", "h2.test")
        for when in ("pre", "post")
    ]


def test_a_host_that_fails_ends_a_rolling_reboot(beside: Any, run: Run) -> None:
    assert run("proxy_boot", version="").status == 0

    done = run("proxy_reboot", version="", rolling=True, faults="h1.test:run")

    assert done.status == 1
    assert [host for host, name in done.commands("run")] == ["h1.test"]
    assert done.commands("release") == [("h1.test", "release")]


@pytest.mark.parametrize(
    ("command", "arguments", "why"),
    [
        (
            "accessory_boot",
            {"accessory": "nope"},
            "nope: no accessory of config/deploy.yml; it has cache, db",
        ),
        (
            "accessory_stop",
            {"accessory": "cache", "limit": ("h1.test",)},
            "cache: is on h3.test, and this run is not; see -h, -r and -p",
        ),
        ("accessory_start", {"accessory": "cache"}, "there is no blog-cache to start; boot it"),
        (
            "accessory_remove_container",
            {"accessory": "db"},
            "blog-db is running; stop it before it is removed",
        ),
        (
            "proxy_start",
            {"limit": ("h3.test",)},
            "the proxy is on h1.test, h2.test, and this run is not; see -h, -r and -p",
        ),
        ("proxy_start", {}, "there is no kamal-proxy to start; boot it"),
        (
            "registry_login",
            {},
            "localhost:5000 is a registry of this machine, which knows no password",
        ),
    ],
)
@pytest.mark.parametrize("checks", [True, False])
def test_what_one_host_refuses_happens_on_none(
    beside: Any, run: Run, command: str, arguments: dict[str, Any], why: str, checks: bool
) -> None:
    if command == "accessory_remove_container":
        assert run("accessory_boot", version="", accessory="db", limit=("h3.test",)).status == 0

    done = run(command, version="", checks=checks, **arguments)

    assert (done.status, done.commands()) == (1, [])
    assert why in done.text


def test_remove_leaves_nothing_that_runs(deployed: Any, run: Run) -> None:
    done = run("remove", version="")

    assert done.status == 0, done.text
    assert deployed.running() == {"h1.test": [], "h2.test": [], "h3.test": []}
    assert "kamal-proxy" not in deployed.world["h1.test"]["containers"]
    again = run("remove", version="")
    assert (again.status, {name for _, name in again.commands()}) == (0, {"leftovers"})


FAILED = "ERROR: Nothing more is done, since this failed: "


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (
            ("accessory", "boot", "nope"),
            "ERROR: nope: no accessory of config/deploy.yml; it has cache, db",
        ),
        (
            ("accessory", "start", "cache"),
            f"{FAILED}container: there is no blog-cache to start; boot it",
        ),
        (("proxy", "start"), f"{FAILED}container: there is no kamal-proxy to start; boot it"),
        (("app", "boot"), "ERROR: no server knows any version of the app; deploy one"),
    ],
)
def test_a_mistake_is_reported_in_a_sentence(beside: Any, words: tuple[str, ...], why: str) -> None:
    """Hosts are asked by greenlets, which print what nobody catches."""
    done = beside.kamalpy(*words, version="")

    assert (done.status, done.out) == (1, "")
    assert [line for line in done.err.splitlines() if line.startswith("ERROR")] == [why]
    assert "Traceback" not in done.err
