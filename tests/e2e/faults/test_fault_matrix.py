"""A fault meets a deploy: no request fails, a mixed fleet is reported, the next run heals it.

A few cases are played by default; KAMALPY_FAULTS=all plays the whole matrix (about an hour), and
KAMALPY_FAULTS_TABLE=FILE writes the table that docs/reliability.md shows.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from lab.configurations import HOST
from lab.deployed import Deployed
from lab.faults import FAULTS, MOMENTS, TAKES_SERVICE_AWAY, meet
from lab.interrupted import LOCKED
from lab.load import Load

from .conftest import Outcomes

SOME = [
    ("client SIGINT", "between commit and retire"),
    ("client SIGTERM", "during retire"),
    ("client SIGKILL", "between switch and commit"),
    ("sshd killed", "during commit"),
    ("host cut off", "between switch and commit"),
    ("disk full", "during commit"),
    ("proxy stopped", "boot"),
]
ALL = [(fault, moment) for fault in FAULTS for moment in MOMENTS]
CASES = ALL if os.environ.get("KAMALPY_FAULTS") == "all" else SOME


@pytest.mark.parametrize(("fault", "moment"), CASES, ids=lambda each: str(each).replace(" ", "_"))
def test_a_fault_meets_a_deploy(
    app: Deployed, versions: Iterator[str], outcomes: Outcomes, fault: str, moment: str
) -> None:
    old, new = app.versions()[0], next(versions)
    with Load([host.address for host in app.web], HOST, rate=20) as load:
        victim, done = meet(app, new, fault, moment)
    away = {victim.address} if fault in TAKES_SERVICE_AWAY else set()
    failed = [shot for shot in load.failures() if shot.address not in away]
    assert failed == [], done.text
    assert "Traceback" not in done.text

    serve = app.versions()
    assert set(serve) <= {old, new}
    if len(set(serve)) > 1 and fault != "client SIGKILL":
        behind = app.web[serve.index(old)].address
        assert f"{behind}: {old} serves" in done.text, done.text
    outcome = "new" if set(serve) == {new} else "old" if set(serve) == {old} else "mixed, reported"
    if fault == "client SIGKILL":
        outcome = outcome.removesuffix(", reported")
    if app.servers[0].status(LOCKED) == 0:
        is_unreachable = fault == "host cut off" and victim is app.servers[0]
        assert fault == "client SIGKILL" or is_unreachable, done.text
        app.project.typed("lock", "release")
    assert app.project.run("kamalpy", "releases").status == 0
    app.images.app(final := next(versions))
    app.project.typed("deploy", f"--version={final}", "--skip-push")
    assert set(app.versions()) == {final}
    app.project.typed("rollback")
    assert len(set(app.versions())) == 1
    assert app.versions()[0] in {old, new}
    assert app.servers[0].status(LOCKED) == 1
    outcomes.add(fault, moment, f"{outcome} ({done.status})")
