"""Faults that happen at a stage of a deploy."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from fleet.shell import wait_for

from lab.configurations import HOST
from lab.deployed import Deployed
from lab.host import Host
from lab.project import Result, Running

MOMENTS: Mapping[str, tuple[str, str]] = {
    "lock": ("acquire", "leader"),
    "prepare": ("pull", "victim"),
    "boot": ("boot", "victim"),
    "switch": ("switch", "victim"),
    "between switch and commit": ("commit", "all"),
    "during commit": ("commit", "victim"),
    "between commit and retire": ("retire", "all"),
    "during retire": ("retire", "victim"),
    "unlock": ("release", "leader"),
}
"""The script that is held before it starts, and on which hosts, for each stage."""

AT_WORK = "pgrep --full 'deploying[-]|sshd: root[@]'"
"""A shell test: a client is connected, or a script runs that can change the app."""


@dataclass(frozen=True)
class Case:
    """A running deploy, and the host that the fault hits."""

    app: Deployed
    running: Running
    victim: Host


Fault = Callable[[Case], Iterator[None]]


def _send(number: signal.Signals) -> Fault:
    def fault(case: Case) -> Iterator[None]:
        case.running.send(number)
        yield

    return fault


def _cut_off(case: Case) -> Iterator[None]:
    with case.victim.cut_off():
        yield


def _kill_sshd(case: Case) -> Iterator[None]:
    case.victim.sh("kill -9 $(pgrep -x sshd)")
    yield


def _restart_dockerd(case: Case) -> Iterator[None]:
    case.victim.sh("kill $(cat /run/docker.pid)")
    yield
    wait_for(
        f"{case.victim.name} to serve again",
        lambda: case.victim.get("/version", HOST).status == 200,
        60,
    )


def _fill_disk(case: Case) -> Iterator[None]:
    """Move ``.kamal`` to a disk of its own, which is full."""
    case.victim.sh(
        "cp -a /root/.kamal /root/kamal-kept && mount -t tmpfs -o size=512k full /root/.kamal"
        " && cp -a /root/kamal-kept/. /root/.kamal/"
        " && { dd if=/dev/zero of=/root/.kamal/full bs=4k 2>/dev/null || true; }"
    )
    try:
        yield
    finally:
        case.victim.sh(_FREE_DISK)


_FREE_DISK = (
    "rm /root/.kamal/full && rm -r /root/kamal-kept && cp -a /root/.kamal /root/kamal-kept"
    " && umount /root/.kamal && find /root/.kamal -mindepth 1 -type f -delete"
    " && rm -rf /root/.kamal/lock-*"
    " && cp -a /root/kamal-kept/. /root/.kamal/ && rm -r /root/kamal-kept"
)


def _stop_proxy(case: Case) -> Iterator[None]:
    case.victim.sh("docker stop -t 1 kamal-proxy")
    try:
        yield
    finally:
        case.victim.sh("docker start kamal-proxy")


FAULTS: Mapping[str, Fault] = {
    "client SIGINT": _send(signal.SIGINT),
    "client SIGTERM": _send(signal.SIGTERM),
    "client SIGKILL": _send(signal.SIGKILL),
    "host cut off": _cut_off,
    "sshd killed": _kill_sshd,
    "dockerd restarted": _restart_dockerd,
    "disk full": _fill_disk,
    "proxy stopped": _stop_proxy,
}

TAKES_SERVICE_AWAY = {"host cut off", "dockerd restarted", "proxy stopped"}
"""Faults of the victim itself: its requests fail in any case."""


def meet(app: Deployed, version: str, fault: str, moment: str) -> tuple[Host, Result]:
    """Deploy a version with a fault at a stage, and return the victim and the result."""
    script, where = MOMENTS[moment]
    victim = app.web[0] if where == "leader" else app.web[1]
    held = list(app.servers) if where == "all" else [victim]
    app.images.app(version, fault="boot-delay=1")
    with ExitStack() as gates:
        for host in held:
            gates.enter_context(host.gate(f"""['"] {script} """))
        running = app.project.start(
            "kamalpy", "deploy", f"--version={version}", "--skip-push", env={"NO_COLOR": "1"}
        )
        wait_for(f"{moment} of {version}", lambda: _reached(held, running), 60)
        with contextmanager(FAULTS[fault])(Case(app, running, victim)):
            gates.close()
            done = running.wait(240)
    for host in app.servers:
        host.wait_for(f"! {AT_WORK}", 120)
    return victim, done


def _reached(held: list[Host], running: Running) -> bool:
    if running.process.poll() is not None:
        raise AssertionError(running.text())
    time.sleep(0.05)
    return all(host.at_gate() for host in held)
