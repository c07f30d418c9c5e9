"""What kamalpy writes where: for people, for programs, for GitHub, into its log."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from kamalpy.cli.docs import schema_text

PREDICTED = """\
~ Take the deploy lock  h1.test
~ Prepare v2  h1.test
~ Prepare v2  h2.test
~ Prepare v2  h3.test
~ Boot v2  h1.test
    ~ blog-web: container: blog-web-v1 -> blog-web-v2
    ~ blog-web: image: localhost:5000/acme/blog:v1 -> localhost:5000/acme/blog:v2
~ Boot v2  h2.test
    ~ blog-web: container: blog-web-v1 -> blog-web-v2
    ~ blog-web: image: localhost:5000/acme/blog:v1 -> localhost:5000/acme/blog:v2
~ Boot v2  h3.test
    ~ blog-job: container: blog-job-v1 -> blog-job-v2
    ~ blog-job: image: localhost:5000/acme/blog:v1 -> localhost:5000/acme/blog:v2
~ Switch to v2  h1.test
    ~ route blog-web: target: blog-web-v1 -> blog-web-v2
~ Switch to v2  h2.test
    ~ route blog-web: target: blog-web-v1 -> blog-web-v2
~ Commit v2  h1.test
~ Commit v2  h2.test
~ Commit v2  h3.test
~ Retire old versions  h1.test
~ Retire old versions  h2.test
~ Retire old versions  h3.test
deploy would change 15 steps on 3 hosts; nothing is changed yet, N s
"""
CHANGED = [line.replace("~", "✓", 1) for line in PREDICTED.splitlines() if line.startswith("~")]


def timeless(text: str) -> str:
    """Take all times out of a text."""
    return re.sub(r"\d+\.\d+ s\b", "N s", re.sub(r"  \d+\.\d+s$", "", text, flags=re.MULTILINE))


def test_a_dry_run(deployed: Any) -> None:
    done = deployed.kamalpy("deploy", "--dry", "--diff")

    assert (done.status, done.out, timeless(done.err)) == (0, "", PREDICTED)
    assert not (deployed.folder / ".kamal/log").exists()


def test_a_line_a_step_and_host(deployed: Any) -> None:
    done = deployed.kamalpy("deploy")

    *lines, total, log = timeless(done.err).splitlines()
    assert (done.status, done.out, lines) == (0, "", CHANGED)
    assert total == "deploy has changed 15 steps on 3 hosts, N s"
    assert (deployed.folder / log.removeprefix("Log: ")).exists()


def test_a_second_run_has_nothing_to_do(deployed: Any) -> None:
    done = deployed.kamalpy("deploy", version="v1")

    assert timeless(done.err).splitlines()[0] == "deploy: nothing to do, N s"


def test_a_dry_run_where_nothing_is_to_do(deployed: Any) -> None:
    dry = deployed.kamalpy("deploy", "--dry", version="v1")

    assert (dry.status, timeless(dry.err)) == (0, "deploy: nothing to do, N s\n")
    assert deployed.kamalpy("plan", version="v1").status == 0


def test_quiet(deployed: Any) -> None:
    done = deployed.kamalpy("deploy", "-q")
    assert (done.status, done.out, done.err) == (0, "", "")

    done = deployed.kamalpy("deploy", "--quiet", version="v3", faults="h2.test:boot")
    assert (done.status, done.out, timeless(done.err).splitlines()) == (
        4,
        "",
        [
            "✗ Boot v3  h2.test",
            "    simulated: boot fails",
            "ERROR: Nothing is deployed, since this failed: Boot v3 on h2.test",
            "Try: kamalpy details",
        ],
    )


def test_verbose_says_why_nothing_is_done_and_twice_shows_commands(deployed: Any) -> None:
    once = deployed.kamalpy("deploy", "-v", version="v1")
    assert "· Run kamal-proxy  h1.test\n    the proxy is running\n" in timeless(once.err)
    assert "$ state.sh" not in once.err

    twice = deployed.kamalpy("-vv", "deploy")
    assert "    h1.test $ state.sh service=blog " in twice.err
    assert "not for this host" not in twice.err


def test_json(deployed: Any) -> None:
    schema = json.loads(schema_text(events=True))
    Draft202012Validator.check_schema(schema)
    check = Draft202012Validator(schema)

    dry = deployed.kamalpy("deploy", "--dry", "--json")
    done = deployed.kamalpy("deploy", "--json")

    for run in (dry, done):
        events = [json.loads(line) for line in run.out.splitlines()]
        assert [error.message for each in events for error in check.iter_errors(each)] == []
        assert {each["version"] for each in events} == {1}
        assert (events[0]["event"], events[-1]["event"]) == ("begins", "ends")
    assert dry.err == ""
    assert done.err.startswith("Log: ")
    events = [json.loads(line) for line in done.out.splitlines()]
    changed = [each for each in events if each.get("status") == "changed"]
    assert [f"✓ {each['step']}  {each['host']}" for each in changed] == CHANGED
    ran = [word for e in events if e["event"] == "ran" for word in e["command"].split()]
    assert {"state.sh", "acquire.sh", "boot.sh", "release.sh"} <= set(ran)


def test_github_actions_folds_steps_and_notes_errors(deployed: Any) -> None:
    done = deployed.kamalpy("deploy", faults="h2.test:boot", GITHUB_ACTIONS="true")

    lines = timeless(done.err).splitlines()
    at = lines.index("::group::Boot v2")
    assert lines[at : at + 7] == [
        "::group::Boot v2",
        "✓ Boot v2  h1.test",
        "✗ Boot v2  h2.test",
        "    simulated: boot fails",
        "::error title=Boot v2 on h2.test::simulated: boot fails",
        "✓ Boot v2  h3.test",
        "::endgroup::",
    ]
    assert lines.count("::endgroup::") == sum(line.startswith("::group::") for line in lines)
    why = "Nothing is deployed, since this failed: Boot v2 on h2.test"
    assert f"::error title=deploy::{why}" in lines
    assert lines.index(f"ERROR: {why}") > max(
        at for at, line in enumerate(lines) if line == "::endgroup::"
    )


def test_everything_is_written_down_and_sent_without_secrets(deployed: Any) -> None:
    posts: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posts.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    deployed.hook("pre-deploy", "echo the token is $TOKEN")
    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        endpoint = f"http://127.0.0.1:{server.server_port}"
        deployed.configure(
            hooks_output="verbose",
            output={"file": {"path": "var/log"}, "otel": {"endpoint": endpoint}},
        )
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        done = deployed.kamalpy("deploy")
        server.shutdown()
        thread.join()

    assert done.status == 0, done.err
    (log,) = (deployed.folder / "var/log").iterdir()
    assert f"Log: var/log/{log.name}\nLog sent to {endpoint}\n" in done.err
    written, sent = log.read_text(), b"".join(posts).decode()
    for told in (written, sent, done.err):
        assert "the token is *TOKEN*" in told
        assert "hunter2" not in told
    assert " h1.test $ boot.sh name=blog-web-v2 " in written
    assert re.search(r"Completed in \d+\.\d seconds\n$", written)
    for name in ("kamal.start", "kamal.complete", "deployment.id", "boot.sh name=blog-web-v2"):
        assert name in sent


def on_terminal(deployed: Any, *words: str, **env: str) -> str:
    """Run kamalpy on a terminal of its own, and return what it showed."""
    ours, theirs = pty.openpty()
    variables = {"TERM": "xterm", "COLUMNS": "80", **env}
    process = deployed.begin("deploy", *words, stderr=theirs, **variables)
    os.close(theirs)
    shown = b""
    has_ended = False
    while not has_ended:
        has_ended = process.poll() is not None
        while select.select([ours], [], [], 0.1)[0]:
            try:
                shown += os.read(ours, 65536)
            except OSError:  # so ends a terminal on Linux
                break
    os.close(ours)
    assert process.communicate() == ("", None)
    assert process.returncode == 0
    return shown.decode()


def test_a_terminal_shows_the_step_under_way_and_colors(deployed: Any) -> None:
    shown = on_terminal(deployed, faults="h1.test:pull:slow")

    assert "\r\x1b[K\x1b[2m⠋ Take the deploy lock  0s\x1b[0m" in shown
    assert re.search(r"\r\x1b\[K\x1b\[2m. Prepare v2  2/3 hosts  \d+s", shown)
    assert "\x1b[32m✓ Take the deploy lock  h1.test" in shown
    assert shown.endswith(".log\r\n")


@pytest.mark.parametrize(
    ("words", "env", "colors", "spins"),
    [
        (("--no-color",), {}, False, True),
        ((), {"TERM": "dumb"}, False, False),
    ],
)
def test_terminals_that_want_less(
    deployed: Any, words: tuple[str, ...], env: dict[str, str], colors: bool, spins: bool
) -> None:
    shown = on_terminal(deployed, *words, faults="h1.test:pull:slow", **env)

    assert ("\x1b[32m✓" in shown, "\r\x1b[K" in shown) == (colors, spins)
    assert ("\x1b[" in shown.replace("\x1b[K", "")) == colors
