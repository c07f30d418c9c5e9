"""The verbs of the app and the lock: what each tells hosts, once and once more."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

V1 = {"h1.test": ["blog-web-v1"], "h2.test": ["blog-web-v1"], "h3.test": ["blog-job-v1"]}
NONE: dict[str, list[str]] = {host: [] for host in V1}
Run = Callable[..., Any]


def framed(done: Any) -> list[str]:
    """List commands without the lock around them."""
    names = [name for _, name in done.commands()]
    assert (names[0], names[-1]) == ("acquire", "release")
    return names[1:-1]


def test_stop_and_start(deployed: Any, run: Run) -> None:
    done = run("app_stop", version="")
    assert (done.status, framed(done), deployed.running()) == (0, ["stop"] * 3, NONE)
    assert deployed.served() == {}
    again = run("app_stop", version="")
    assert (again.status, again.commands()) == (0, [])

    done = run("app_start", version="")
    assert (done.status, framed(done), deployed.running()) == (0, ["start"] * 3, V1)
    assert deployed.served() == {"h1.test": "blog-web-v1", "h2.test": "blog-web-v1"}
    again = run("app_start", version="")
    assert (again.status, again.commands()) == (0, [])


def test_one_role(deployed: Any, run: Run) -> None:
    done = run("app_stop", version="", roles=["job"])

    assert (done.status, deployed.running()) == (0, {**V1, "h3.test": []})
    assert done.commands("acquire") == [("h3.test", "acquire")]


def test_what_never_was_deployed_cannot_be_started(project: Any, run: Run) -> None:
    done = run("app_start", version="")

    assert (done.status, done.commands()) == (1, [])
    assert "to start; deploy instead" in done.text


def test_boot_gives_what_serves_a_new_container(deployed: Any, run: Run) -> None:
    def ids() -> set[str]:
        return {
            container["inspect"]["Id"]
            for has in deployed.world.values()
            for container in has["containers"].values()
            if container["inspect"]["State"]["Status"] == "running"
            and container["inspect"]["Name"] != "/kamal-proxy"
        }

    before = ids()

    done = run("app_boot", version="")

    assert (done.status, deployed.running()) == (0, V1)
    assert not ids() & before
    assert {host for host, _ in done.commands("boot")} == {"h1.test", "h2.test", "h3.test"}


def test_boot_of_what_nobody_knows(project: Any, run: Run) -> None:
    done = run("app_boot", version="")

    assert (done.status, done.commands()) == (1, [])
    assert "no server knows any version of the app; deploy one" in done.text


def test_the_container_of_a_version_is_removed_unless_it_runs(deployed: Any, run: Run) -> None:
    assert run().status == 0

    remove = partial(deployed.pyinfra, "kamalpy.deploys:app_remove_container", "-y", version="")

    done = remove("version=v2")
    assert (done.status, done.commands("remove")) == (1, [])
    assert "is running; stop it, or remove another one" in done.text

    done = remove("version=v1")
    assert (done.status, framed(done)) == (0, ["remove"] * 3)
    assert not any("blog-web-v1" in has["containers"] for has in deployed.world.values())


def test_a_lock_by_hand_stays_until_it_is_released(deployed: Any, run: Run) -> None:
    done = run("lock_acquire", message="audit", version="")
    assert (done.status, done.commands()) == (0, [("h1.test", "acquire")])
    assert "lock" in deployed.world["h1.test"]

    for command, more in (
        ("lock_acquire", {"message": "me too"}),
        ("app_stop", {}),
        ("deploy", {}),
    ):
        done = run(command, **more)
        assert (done.status, deployed.running()) == (1, V1)

    done = run("lock_release", version="")
    assert (done.status, done.commands()) == (0, [("h1.test", "release")])
    done = run("lock_release", version="")
    assert (done.status, done.commands()) == (0, [])


def test_the_child_of_a_hook_takes_no_lock(
    deployed: Any, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAMAL_LOCK", "true")

    done = run("app_stop", version="")

    assert (done.status, deployed.running()) == (0, NONE)
    assert done.commands("acquire", "release") == []


def test_prune_keeps_one_at_least(deployed: Any, run: Run) -> None:
    done = run("prune_containers", version="", retain=0)

    assert (done.status, done.commands()) == (1, [])
    assert "retain: 0 is too few; keep one at least, for a rollback" in done.text
