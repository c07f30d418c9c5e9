"""Deploys that are interrupted."""

from __future__ import annotations

import signal
import time

from lab.deployed import Deployed
from lab.project import Running
from lab.servers import Servers

BEFORE_THE_COMMIT = ["Take the deploy lock", "Prepare", "Boot", "Switch"]
LOCKED = "test -e .kamal/lock-test"
AT_WORK = "pgrep --full 'deploying[-]|sshd: root[@]'"
"""A shell test: a client is connected, or a script runs that can change the app."""


def stopped_at(app: Deployed, version: str, stage: str, with_signal: signal.Signals) -> Running:
    """Start a deploy and send a signal when a stage has begun, or when the lock is taken."""
    app.images.app(version, fault="boot-delay=1")
    wanted = f"Starting operation: Kamal deploy | {stage}"
    running = app.project.start(
        "pyinfra", "inventory.py", "deploy.py", "-y", env={"VERSION": version}
    )
    while wanted not in running.text():
        assert running.process.poll() is None, running.text()
        time.sleep(0.02)
    while stage == BEFORE_THE_COMMIT[0] and app.servers[0].status(LOCKED) != 0:
        assert running.process.poll() is None, running.text()
    time.sleep(0.2)
    running.send(with_signal)
    return running


def come_to_rest(servers: Servers) -> None:
    """Wait until no deploy's script runs on any server."""
    for host in servers:
        host.wait_for(f"! {AT_WORK}", seconds=60)
