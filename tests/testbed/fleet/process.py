"""Background programs, which are found by a mark in their environment."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

VARIABLE = "KAMALPY_FLEET"
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def spawn(argv: Sequence[object], mark: str, log: Path) -> None:
    """Start a program that outlives this one; the mark is inherited by its children."""
    # "container" keeps Docker's hands off AppArmor, which a server of a fleet does not have.
    env = {
        "PATH": _PATH,
        "LANG": "C.UTF-8",
        "HOME": "/root",
        "container": "kamalpy",
        VARIABLE: mark,
    }
    with log.open("ab") as out:
        # setsid forks: the program is no child of ours that somebody would have to wait for.
        words = ["setsid", "--fork", *(str(word) for word in argv)]
        subprocess.run(
            words, env=env, cwd="/", stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=True
        )


def marked(mark: str) -> list[int]:
    """Find the processes whose mark has this prefix."""
    wanted = f"\0{VARIABLE}={mark}".encode()
    return [pid for pid in _pids() if wanted in b"\0" + _environment(pid)]


def is_marked(pid: int, mark: str) -> bool:
    """Return whether a process is alive and has the mark."""
    end = time.monotonic() + 1
    while not _environment(pid) and not _is_over(pid) and time.monotonic() < end:
        time.sleep(0.01)  # it is just becoming another program, and has none for a moment
    return f"\0{VARIABLE}={mark}".encode() in b"\0" + _environment(pid)


def kill(pid: int) -> None:
    """Kill a process."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def kill_all(mark: str) -> None:
    """Kill every process that has the mark, and return when all have ended.

    The first process of a machine is gone only after all others in its namespace, with or without
    a mark, are.
    """
    ending: set[int] = set()
    while (pids := marked(mark)) or not all(map(_is_over, ending)):
        for pid in pids:
            kill(pid)
        ending.update(pids)
        time.sleep(0.02)


def terminate(pid: int, mark: str, seconds: float) -> None:
    """Terminate a process, and wait for its end."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + seconds
    while is_marked(pid, mark) and time.monotonic() < end:
        time.sleep(0.02)


def _pids() -> list[int]:
    return [int(entry.name) for entry in os.scandir("/proc") if entry.name.isdigit()]


def _is_over(pid: int) -> bool:
    """Return whether a process has ended, or is a zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state in "ZX"


def _environment(pid: int) -> bytes:
    """Read a file of /proc that is empty for a process that has ended or is a zombie."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""
