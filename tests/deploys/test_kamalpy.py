"""kamalpy's own command line: how it ends, and what it says then."""

from __future__ import annotations

import json
import signal
import time
from typing import Any

import pytest

V1 = {"h1.test": ["blog-web-v1"], "h2.test": ["blog-web-v1"], "h3.test": ["blog-job-v1"]}


def ending(err: str) -> list[str]:
    """List what is told when all is over, without times."""
    lines = err[err.index("\nERROR: ") + 1 :].splitlines()
    return [line.rpartition(", ")[0] if line.endswith(" s") else line for line in lines]


@pytest.mark.parametrize(
    ("faults", "status", "told"),
    [
        (
            "h2.test:pull",
            1,
            [
                "ERROR: Nothing is deployed, since this failed: Prepare v2 on h2.test",
                "Try: kamalpy deploy -vv",
                "deploy failed: exit status 1",
            ],
        ),
        (
            "h1.test:acquire",
            1,
            [
                "ERROR: Nothing is deployed, since this failed: Take the deploy lock on h1.test",
                "Try: kamalpy deploy -vv",
                "deploy failed: exit status 1",
            ],
        ),
        (
            "h2.test:boot",
            4,
            [
                "ERROR: Nothing is deployed, since this failed: Boot v2 on h2.test",
                "Try: kamalpy details",
                "deploy failed: exit status 4",
            ],
        ),
        (
            "h2.test:switch",
            5,
            [
                "ERROR: Nothing is deployed, since this failed: Switch to v2 on h2.test",
                "Try: kamalpy details",
                "deploy failed: exit status 5",
            ],
        ),
        (
            "h2.test:connect",
            6,
            [
                "ERROR: Nothing is deployed, since h2.test cannot be reached",
                "Try: kamalpy doctor",
                "deploy failed: exit status 6",
            ],
        ),
        (
            "h2.test:state",
            1,
            [
                "ERROR: Nothing is deployed, since h2.test did not answer",
                "Try: kamalpy deploy -vv",
                "deploy failed: exit status 1",
            ],
        ),
        (
            "h1.test:connect h2.test:connect h3.test:connect",
            6,
            [
                "ERROR: no server can be reached",
                "Try: kamalpy doctor",
                "deploy failed: exit status 6",
            ],
        ),
    ],
)
def test_each_failure_has_its_status(
    deployed: Any, faults: str, status: int, told: list[str]
) -> None:
    done = deployed.kamalpy("deploy", faults=faults)

    assert (done.status, done.out, deployed.running()) == (status, "", V1), done.err
    *lines, log = ending(done.err)
    assert lines == told
    assert log.startswith("Log: .kamal/log/20")
    assert "Traceback" not in done.err
    assert "lock" not in deployed.world["h1.test"]


@pytest.mark.parametrize(
    ("faults", "why"),
    [
        ("h2.test:state:lost", "h2.test did not answer"),
        ("h1.test:acquire:lost", "this failed: Take the deploy lock on h1.test"),
        ("h2.test:pull:lost", "this failed: Prepare v2 on h2.test"),
        ("h2.test:boot:lost", "this failed: Boot v2 on h2.test"),
        ("h2.test:switch:lost", "this failed: Switch to v2 on h2.test"),
    ],
)
def test_a_server_is_lost_before_the_commit(deployed: Any, faults: str, why: str) -> None:
    done = deployed.kamalpy("deploy", faults=faults)

    assert done.status == 6, done.err
    error, *_, next_, _, _ = ending(done.err)
    assert error.partition("; Revert")[0] == f"ERROR: Nothing is deployed, since {why}"
    assert next_ == "Try: kamalpy doctor"


@pytest.mark.parametrize("words", [("deploy",), ("lock", "acquire", "-m", "Holidays")])
def test_somebody_else_holds_the_lock(deployed: Any, words: tuple[str, ...]) -> None:
    deployed.hold_lock()

    done = deployed.kamalpy(*words)

    assert (done.status, deployed.running()) == (3, V1), done.err
    assert "Try: kamalpy lock status" in done.err


def test_a_dry_run_that_cannot_tell(deployed: Any) -> None:
    (deployed.folder / ".kamal/secrets").write_text("OTHER=x\n")

    done = deployed.kamalpy("deploy", "--dry")

    assert (done.status, done.out) == (1, "")
    assert done.err.splitlines()[:-1] == [
        "ERROR: TOKEN: is not defined in .kamal/secrets; add TOKEN=... to .kamal/secrets",
        "Try: kamalpy secrets check",
    ]


def test_servers_are_reported_in_their_order(deployed: Any) -> None:
    done = deployed.kamalpy("deploy", faults="h3.test:connect h1.test:connect")

    assert done.err.splitlines()[:2] == [
        "  h1.test  simulated: nobody is there",
        "  h3.test  simulated: nobody is there",
    ]


def test_the_command_to_try_is_for_the_same_project(deployed: Any) -> None:
    (deployed.folder / "config/deploy.yml").rename(deployed.folder / "it's.yml")

    done = deployed.kamalpy("-c", "it's.yml", "deploy", faults="h2.test:boot")

    assert "\nTry: kamalpy details -c 'it'\"'\"'s.yml'\n" in done.err


@pytest.mark.parametrize(
    ("words", "changes", "told", "next_"),
    [
        (["-h", "h9"], {}, "ERROR: --hosts h9: ", "Try: kamalpy deploy --help"),
        (
            [],
            {"servers": None},
            "ERROR: config/deploy.yml:1: servers: ",
            "Try: kamalpy docs servers",
        ),
    ],
)
def test_mistakes_of_the_user(
    deployed: Any, words: list[str], changes: Any, told: str, next_: str
) -> None:
    deployed.configure(**changes)

    done = deployed.kamalpy("deploy", *words)

    assert (done.status, done.out, deployed.running()) == (1, "", V1)
    assert done.err.startswith(told)
    assert f"\n{next_}\n" in done.err
    assert "Traceback" not in done.err


def wait_for(project: Any, process: Any, begin: int, command: str) -> None:
    deadline = time.monotonic() + 30
    while not any(words[0] == command for _, words in project.told(begin)):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.3)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_somebody_interrupts(deployed: Any, number: int) -> None:
    begin = len(deployed.told(0))
    process = deployed.begin("deploy", faults="h3.test:boot:hang")
    wait_for(deployed, process, begin, "boot")

    process.send_signal(number)
    _, err = process.communicate(timeout=30)

    assert process.returncode == 128 + number, err
    assert deployed.running() == V1
    assert "lock" not in deployed.world["h1.test"]
    assert "Interrupted: putting things in order before the end" in err
    assert "taking it back, and releasing its lock" in err
    assert "Traceback" not in err
    (log,) = (deployed.folder / ".kamal/log").glob("*.log")
    assert log.read_text().endswith("ended before its end\n")


def test_somebody_interrupts_before_anything_is_known(deployed: Any) -> None:
    begin = len(deployed.told(0))
    process = deployed.begin("deploy", faults="h3.test:state:hang")
    wait_for(deployed, process, begin, "state")

    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)

    assert (process.returncode, out) == (130, ""), err
    assert "Traceback" not in err


def test_deployed_with_leftovers_is_no_failure(deployed: Any) -> None:
    done = deployed.kamalpy("deploy", faults="h2.test:retire")

    assert done.status == 7
    assert "ERROR" not in done.err
    assert "v2 serves, with leftovers: Retire old versions on h2.test failed; the" in done.err
    assert "steps on 3 hosts; something is left to do, exit status 7" in done.err

    again = deployed.kamalpy("deploy")

    assert (again.status, "leftovers" in again.err) == (0, False)


def test_deployed_but_not_everywhere_is_reported_host_by_host(deployed: Any) -> None:
    done = deployed.kamalpy("deploy", faults="h2.test:commit")

    assert done.status == 8
    for line in (
        "v2 serves, but not on h2.test, since this failed: Commit v2 on h2.test",
        "h1.test serves web v2; the next deploy finds it done",
        "h2.test serves web v2; not committed, so that it reverts by itself; the next deploy "
        "updates it",
        "h3.test serves job v2; the next deploy finds it done",
    ):
        assert f"ERROR: {line}\n" in done.err


def test_json_reports_a_failure_as_well(deployed: Any) -> None:
    done = deployed.kamalpy("deploy", "--json", faults="h2.test:boot")

    last = json.loads(done.out.splitlines()[-1])
    del last["seconds"]
    assert (done.status, last) == (
        4,
        {
            "version": 1,
            "event": "ends",
            "command": "deploy",
            "status": 4,
            "changed": 11,
            "predicted": 0,
            "hosts": 3,
            "why": ["Nothing is deployed, since this failed: Boot v2 on h2.test"],
            "next": "kamalpy details",
        },
    )


def test_the_image_is_fetched_ahead_without_the_lock(deployed: Any) -> None:
    begin = len(deployed.told(0))

    done = deployed.kamalpy("build", "pull", version="v3")

    assert done.status == 0, done.err
    assert "build pull has changed 3 steps on 3 hosts" in done.err
    told = {(host, words[0]) for host, words in deployed.told(begin) if words[0] != "state"}
    assert told == {(host, "pull") for host in V1}
    assert deployed.running() == V1


def test_an_image_given_on_the_command_line(deployed: Any) -> None:
    planned = deployed.kamalpy("plan", "--image", "nginx:1.27", "--json")
    assert planned.status == 2
    assert "Pull nginx:1.27" in planned.out or "Prepare 1.27" in planned.out

    done = deployed.kamalpy("deploy", "--image", "nginx:1.27")

    assert done.status == 0, done.err
    assert set(deployed.served().values()) == {"blog-web-1.27"}
    assert deployed.kamalpy("deploy", "--image", "nginx").status == 1
    both = deployed.kamalpy("deploy", "--image", "nginx:1.27", "--version", "v3")
    assert "--image nginx:1.27: sets the version; remove --version" in both.err
