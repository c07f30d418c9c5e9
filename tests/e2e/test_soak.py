"""Deploys in a row under load: no request fails, and nothing piles up on the servers.

Five deploys by default; KAMALPY_SOAK=50 plays that many.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable

from fleet.registry import Registry
from lab.configurations import HOST
from lab.deployed import Deployed, deploy_first
from lab.inventory import inventory
from lab.load import Load
from lab.project import Project
from lab.servers import Images, Servers

DEPLOYS = max(int(os.environ.get("KAMALPY_SOAK", 5)), 5)
RATE = 100
"""Requests a second, over connections that are kept alive."""
RELEASES = 20
"""Release records that a server keeps of each role, for rollbacks."""
OPEN_FILES = 2
"""Pipes or sockets that Docker's engine may have more for itself; a leak is one more a deploy."""


def test_deploys_in_a_row_leave_nothing_behind(
    fleet: Servers, images: Images, registry: Registry, new_project: Callable[[], Project]
) -> None:
    app = deploy_first(
        fleet, images, registry, new_project, readiness_delay=1, boot={}, retain_containers=1
    )
    versions = [f"v{number}" for number in range(2, DEPLOYS + 2)]
    deploy_under_load(app, versions[:2])
    before = counts(app)

    deploy_under_load(app, versions[2:])

    end = time.monotonic() + 60
    while (more := growth(before, after := counts(app))) and time.monotonic() < end:
        time.sleep(5)
    assert not more, more
    assert max(each["release record"] for each in after.values()) <= RELEASES


def deploy_under_load(app: Deployed, versions: list[str]) -> None:
    """
    Deploy versions, all but the last one under load.

    The proxy keeps as many connections to the app as there were requests at once. So that they are
    not counted, no request has met the version that runs in the end.
    """
    *busy, last = versions
    for version in versions:
        app.images.app(version)
    with Load([host.address for host in app.web], HOST, RATE) as load:
        for version in busy:
            app.project.typed("deploy", f"--version={version}", "--skip-push")
    print(
        f"{len(busy)} deploys, {len(load.shots)} requests, {len(load.failures())} failed, "
        f"the slowest took {max(shot.seconds for shot in load.shots):.2f} s, "
        f"the latest left {load.late:.2f} s late"
    )
    assert load.failures() == []
    assert set(load.versions()) >= set(busy)
    app.project.typed("deploy", f"--version={last}", "--skip-push")


def counts(app: Deployed) -> dict[str, Counter[str]]:
    return {host.name: inventory(host) for host in app.servers}


def growth(
    before: dict[str, Counter[str]], after: dict[str, Counter[str]]
) -> dict[str, Counter[str]]:
    """List what there is more of on each host; release records have a limit of their own."""
    found = {name: after[name] - before[name] for name in before}
    for more in found.values():
        more.pop("release record", None)
        for what in [each for each in more if each.startswith("open in ")]:
            if more[what] <= OPEN_FILES:
                del more[what]
    return {name: more for name, more in found.items() if more}
