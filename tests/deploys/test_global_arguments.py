"""pyinfra's global arguments, `_sudo`: each works with every command of a deploy, or is refused."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from typing import Any

import pytest

from kamalpy.deploys import cleanup

V1 = {"h1.test": ["blog-web-v1"], "h2.test": ["blog-web-v1"], "h3.test": ["blog-job-v1"]}
V2 = {"h1.test": ["blog-web-v2"], "h2.test": ["blog-web-v2"], "h3.test": ["blog-job-v2"]}
BECOMING = {"_sudo": True, "_su_user": "app", "_shell_executable": "bash", "_env": {"A": "b"}}
DEPLOY = f"""
from kamalpy import deploys

deploys.deploy(lock_wait=3, lock_interval=1, **{BECOMING!r})
"""


def became(project: Any, name: str) -> list[bool]:
    """Tell of each time that a script was run whether it was run as it should be."""
    return [BECOMING.items() <= given.items() for _, given in project.arguments(name)]


@pytest.fixture
def becoming(deployed: Any) -> Any:
    """A project whose deploy.py becomes somebody else."""
    (deployed.folder / "deploy.py").write_text(DEPLOY)
    deployed.configure(boot={"parallel_roles": True}, servers=TWO_ROLES)
    (deployed.folder / "arguments.jsonl").unlink(missing_ok=True)
    return deployed


TWO_ROLES = {
    "web": ["h1.test", "h2.test"],
    "job": {"hosts": ["h2.test", "h3.test"], "cmd": "bin/jobs"},
}


def test_every_command_has_them(becoming: Any) -> None:
    done = becoming.pyinfra("deploy.py", "-y")

    assert done.status == 0, done.text
    for name in ("state", "acquire", "pull", "put", "boot", "switch", "retire", "release"):
        assert set(became(becoming, name)) == {True}, name
    assert len(became(becoming, "boot")) == 4


def test_taking_back_has_them(becoming: Any) -> None:
    done = becoming.pyinfra("deploy.py", "-y", faults="h3.test:boot")

    assert (done.status, set(became(becoming, "revert"))) == (1, {True})


@pytest.mark.parametrize(("fault", "step"), [("h2.test:switch:hang", "revert")])
def test_what_ends_an_interrupted_run_has_them(becoming: Any, fault: str, step: str) -> None:
    begin = len(becoming.told(0))
    process = becoming.start("deploy.py", "-y", faults=fault)
    becoming.wait_for(process, begin, "switch")

    process.send_signal(signal.SIGTERM)
    text = process.communicate(timeout=30)[0]

    assert process.returncode == 143, text
    assert became(becoming, step) == [True] * 4, text
    assert became(becoming, "release") == [True]


def test_what_ends_an_interrupted_run_has_its_standard_input(deployed: Any) -> None:
    begin = len(deployed.told(0))
    process = deployed.start("kamalpy.deploys:deploy", "-y", faults="h2.test:retire:hang")
    deployed.wait_for(process, begin, "retire")

    process.send_signal(signal.SIGINT)
    text = process.communicate(timeout=30)[0]

    assert (process.returncode, deployed.running()) == (130, V2), text
    for host in ("h1.test", "h2.test"):
        records = deployed.world[host]["releases"]
        (record,) = [text for path, text in records.items() if path.endswith("/v2")]
        assert json.loads(record)["container"]["name"] == "blog-web-v2"


def test_who_waits_for_the_lock_has_them(becoming: Any) -> None:
    becoming.hold_lock("Message: Automatic deploy lock")

    done = becoming.pyinfra("deploy.py", "-y")

    assert done.status == 1
    assert became(becoming, "acquire") == [True] * len(becoming.arguments("acquire"))
    assert len(becoming.arguments("acquire")) > 1


def test_the_sign_of_life_has_them(
    deployed: Any, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleanup, "BEAT", 0.2)

    done = run(faults="h2.test:boot:slow", **BECOMING)

    assert done.status == 0, done.text
    assert set(became(deployed, "beat")) == {True}


@pytest.mark.parametrize(
    ("argument", "reason"),
    [
        ({"_if": lambda: True}, "a deploy is for all hosts or none"),
        ({"_retries": 2}, "a step that has failed is taken back on all hosts"),
        ({"_run_once": True}, "every host has its own part in a deploy"),
        ({"_continue_on_error": True}, "nothing goes on after a failure"),
        ({"_stdin": "text"}, "files and secrets travel on standard input"),
        ({"_get_pty": True}, "files and secrets travel on standard input"),
        ({"_su_user": "app", "_su_password": "hunter2"}, "su reads its password from"),
        ({"_success_exit_codes": [0, 1]}, "a command that fails must not count as done"),
    ],
    ids=lambda value: next(reversed(value)) if isinstance(value, dict) else "",
)
def test_those_that_cannot_work_are_refused_before_anything_happens(
    deployed: Any, run: Callable[..., Any], argument: dict[str, Any], reason: str
) -> None:
    done = run(**argument)

    name = next(reversed(argument))
    assert (done.status, done.told) == (1, [])
    assert f"{name} cannot be given to a deploy: {reason}" in done.text
    assert deployed.running() == V1


def test_a_deploy_whose_failure_is_ignored_lets_the_run_go_on(
    deployed: Any, run: Callable[..., Any]
) -> None:
    done = run(faults="h2.test:boot", _ignore_errors=True)

    assert (done.status, deployed.running()) == (0, V1)
    assert "Nothing is deployed, since this failed" in done.text
