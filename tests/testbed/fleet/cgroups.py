"""A control group for each machine of a fleet, in every hierarchy there is (v1, v2, or both)."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fleet import controllers
from fleet.errors import FleetError

_ROOT = Path("/sys/fs/cgroup")
#: Options that say how a v1 hierarchy was mounted, not which one it is.
_MANNERS = {"rw", "ro", "xattr", "clone_children", "noprefix", "cpuset_v2_mode"}


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """A mounted hierarchy of control groups."""

    point: Path
    version: int
    options: str

    def spelled(self) -> str:
        """Return it in the form that `scripts/root.sh` reads."""
        kind = "cgroup2" if self.version == 2 else "cgroup"
        return f"{self.point.relative_to(_ROOT)}:{kind}:{self.options}"


def hierarchies() -> list[Hierarchy]:
    """List the hierarchies that are mounted on this machine."""
    found = list(_mounted(Path("/proc/self/mountinfo").read_text()))
    if not found:
        raise FleetError("needs control groups: nothing is mounted at /sys/fs/cgroup")
    return found


def prepare(fleet: str, name: str) -> list[Path]:
    """Create the cgroups of a machine."""
    groups = []
    for tree in hierarchies():
        for folder in (tree.point / fleet, tree.point / fleet / name):
            _make(tree, folder)
        groups.append(tree.point / fleet / name)
    return groups


def remove(fleet: str, name: str = "") -> None:
    """Remove the cgroups of a machine, or of the whole fleet; no process may be in them."""
    groups = [tree.point / fleet / name for tree in hierarchies()]
    for _ in range(100):  # the kernel may still be busy with what has just been killed
        for group in groups:
            for folder, _, _ in os.walk(group, topdown=False):
                with suppress(OSError):
                    Path(folder).rmdir()
        if not any(group.exists() for group in groups):
            break
        time.sleep(0.02)
    if not name:
        for tree in hierarchies():
            controllers.step_back(tree.point)


def _mounted(mounts: str) -> Iterator[Hierarchy]:
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        point, (kind, _, options) = Path(before.split()[4]), after.split()
        if kind in ("cgroup", "cgroup2") and point.is_relative_to(_ROOT):
            yield Hierarchy(point, 2 if kind == "cgroup2" else 1, _which(options, kind))


def _which(options: str, kind: str) -> str:
    """Return the options that name a v1 hierarchy; v2 has none."""
    if kind == "cgroup2":
        return ""
    words = [word for word in options.split(",") if word not in _MANNERS and "agent=" not in word]
    return ",".join(["none", *words] if all("=" in word for word in words) else words)


def _make(tree: Hierarchy, folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as problem:
        raise FleetError(f"needs writable control groups: {problem}") from problem
    if tree.version == 2:
        controllers.pass_on(folder.parent)
    for setting in ("cpuset.cpus", "cpuset.mems"):  # v1: empty in a new group, and then not usable
        if tree.version == 1 and (folder / setting).exists():
            (folder / setting).write_text((folder.parent / setting).read_text())
