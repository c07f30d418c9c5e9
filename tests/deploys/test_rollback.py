"""Going back to a version: on all hosts or on none, and only where that is possible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kamalpy.deploys.rollback import chosen
from kamalpy.errors import DeployError
from kamalpy.spec.app import App
from kamalpy.spec.history import Trace, Version
from kamalpy.spec.state import Container

V1 = {"h1.test": ["blog-web-v1"], "h2.test": ["blog-web-v1"], "h3.test": ["blog-job-v1"]}
V2 = {"h1.test": ["blog-web-v2"], "h2.test": ["blog-web-v2"], "h3.test": ["blog-job-v2"]}
Run = Callable[..., Any]


@pytest.fixture
def second(deployed: Any, run: Run) -> Any:
    """The project with version 2 after version 1, and with other variables."""
    deployed.configure(env={"clear": {"MODE": "test"}, "secret": ["TOKEN"]})
    (deployed.folder / ".kamal/secrets").write_text("TOKEN=rotated\n")
    assert run().status == 0
    return deployed


def variables(project: Any, host: str, name: str) -> list[str]:
    """List what a container was given, but for Kamal's own."""
    env = project.world[host]["containers"][name]["env"]
    return sorted(entry for entry in env if not entry.startswith("KAMAL_"))


def test_to_the_previous_one(second: Any, run: Run) -> None:
    done = run("rollback", version="")

    assert (done.status, second.running()) == (0, V1)
    assert second.served() == {"h1.test": "blog-web-v1", "h2.test": "blog-web-v1"}
    assert variables(second, "h1.test", "blog-web-v1") == ["MODE=production", "TOKEN=hunter2"]
    assert variables(second, "h3.test", "blog-job-v1") == ["MODE=production", "TOKEN=hunter2"]
    order = [name for _, name in done.commands("boot", "switch", "commit", "retire")]
    assert order == [*["boot"] * 3, *["switch"] * 2, *["commit"] * 3, *["retire"] * 3]
    assert not any(has["markers"] or "lock" in has for has in second.world.values())


def test_to_one_that_serves(second: Any, run: Run) -> None:
    done = run("rollback", to="v2")

    assert (done.status, done.commands()) == (0, [])


def test_a_dry_run_changes_nothing(second: Any) -> None:
    before = second.world

    done = second.pyinfra("kamalpy.deploys:rollback", "to=v1", "--dry", "--diff", version="")

    assert (done.status, done.commands()) == (0, [])
    assert "[h1.test] ~ blog-web: container: blog-web-v2 -> blog-web-v1" in done.text
    assert "[h3.test] ~ blog-job: env/MODE: test -> production" in done.text
    assert "hunter2" not in done.text
    assert "rotated" not in done.text
    assert second.world == before


@pytest.mark.parametrize("command", ["boot", "switch"])
@pytest.mark.parametrize("host", ["h1.test", "h2.test"])
def test_what_fails_on_one_host_is_taken_back_on_all(
    second: Any, run: Run, host: str, command: str
) -> None:
    done = run("rollback", version="", faults=f"{host}:{command}:late")

    assert (done.status, second.running()) == (1, V2)
    assert second.served() == {"h1.test": "blog-web-v2", "h2.test": "blog-web-v2"}
    assert "Nothing is rolled back, since this failed" in done.text
    assert not any(has["markers"] or "lock" in has for has in second.world.values())


def test_hooks(second: Any, run: Run) -> None:
    second.hook("pre-deploy", "")
    second.hook("post-deploy", "")

    run("rollback", to="v1")

    assert second.hooks == [
        "pre-deploy rollback v1 h3.test,h1.test,h2.test",
        "post-deploy rollback v1 h3.test,h1.test,h2.test",
    ]


@pytest.mark.parametrize("to", ["v9", None])
def test_nowhere_to_go(deployed: Any, run: Run, to: str | None) -> None:
    done = run("rollback", version="", to=to)

    assert (done.status, done.commands(), deployed.running()) == (1, [], V1)
    assert "versions to go back to: v1" in done.text


def test_a_number_is_no_version(second: Any) -> None:
    done = second.pyinfra("kamalpy.deploys:rollback", "to=7", "-y", version="")

    assert done.status == 1
    assert "to: 7 is not text" in done.text
    assert second.running() == V2


def version(name: str, status: str = "exited", missing: tuple[str, ...] = ()) -> Version:
    there = Container({"Id": "x", "Name": name, "Image": "y", "State": {"Status": status}})
    return Version(name, (Trace("h1", App("blog"), "2026", there),), None, missing)


SERVES, OLD = version("v3", "running"), version("v1")
BROKEN = version("v2", missing=("h2 has neither a container nor a record of blog-web",))


@pytest.mark.parametrize(
    ("known", "to", "found"),
    [
        ((SERVES, OLD), None, "v1"),
        ((SERVES, OLD, BROKEN), None, "v1"),
        ((OLD, BROKEN), None, "v1"),
        ((SERVES, OLD), "v3", "v3"),
        ((SERVES, BROKEN, OLD), "v1", "v1"),
    ],
)
def test_which_one(known: tuple[Version, ...], to: str | None, found: str) -> None:
    assert chosen(known, to, "kamalpy releases") == found


@pytest.mark.parametrize(
    ("known", "to", "why"),
    [
        ((), None, "no server knows an older version; versions to go back to: none"),
        ((SERVES,), None, "no server knows an older version; versions to go back to: v3"),
        ((SERVES, OLD), "v9", "v9: no server knows this version; versions to go back to: v3, v1"),
        (
            (SERVES, BROKEN, OLD),
            None,
            "cannot go back to v2: h2 has neither a container nor a record of blog-web; "
            "deploy that version instead",
        ),
    ],
)
def test_why_not(known: tuple[Version, ...], to: str | None, why: str) -> None:
    with pytest.raises(DeployError) as caught:
        chosen(known, to, "kamalpy releases")

    assert str(caught.value).removesuffix("; kamalpy releases tells more") == why
