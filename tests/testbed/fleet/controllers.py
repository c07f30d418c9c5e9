"""The controllers of control groups v2, which a group must pass on to those below it.

A group that has processes of its own cannot pass any on. The topmost group is free of that rule,
but in a container the topmost that one sees is not the topmost that there is: then its processes
have to step aside, into a group beside those of the fleet.
"""

from __future__ import annotations

import errno
from contextlib import suppress
from pathlib import Path

_ASIDE = "kamalpy-aside"


def pass_on(folder: Path) -> None:
    """Let the groups below use every controller that there is."""
    for controller in (folder / "cgroup.controllers").read_text().split():
        if _write(folder, f"+{controller}") == errno.EBUSY:
            _move(folder, folder / _ASIDE)
            _write(folder, f"+{controller}")


def step_back(folder: Path) -> None:
    """Undo what `pass_on` did to the processes of a container."""
    aside = folder / _ASIDE
    if aside.exists():
        for controller in (folder / "cgroup.subtree_control").read_text().split():
            _write(folder, f"-{controller}")
        _move(aside, folder)
        with suppress(OSError):
            aside.rmdir()


def _write(folder: Path, words: str) -> int:
    """Change what a group passes on; give the error number, or 0."""
    try:
        (folder / "cgroup.subtree_control").write_text(words)
    except OSError as problem:
        return problem.errno or 0
    return 0


def _move(source: Path, target: Path) -> None:
    target.mkdir(exist_ok=True)
    for _ in range(10):  # a process may start another while we move it
        for pid in (source / "cgroup.procs").read_text().split():
            with suppress(OSError):
                (target / "cgroup.procs").write_text(pid)
