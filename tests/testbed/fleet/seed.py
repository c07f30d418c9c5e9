"""Images for the disk of every new server, which are pulled once and cloned by hard links."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from fleet.shell import must

#: Never written in place by Docker: what stands here is created, linked, and removed.
_LINKED = "overlay2"
#: How many sets of images are kept: one has the real kamal-proxy, say, and one the stand-in.
_KEPT = 3


def plant(seed: Path, docker: Path) -> None:
    """Clone a seed into the empty Docker folder of a server."""
    os.utime(seed)
    for entry in sorted(seed.iterdir()):
        links = ["--link"] if entry.name == _LINKED else []
        must("cp", "--archive", *links, entry, docker)


def harvest(docker: Path, seed: Path) -> None:
    """Make a seed of the Docker folder of a server that is no longer running."""
    seed.parent.mkdir(parents=True, exist_ok=True)
    docker.rename(seed)
    for old in sorted(seed.parent.iterdir(), key=_age)[_KEPT:]:
        shutil.rmtree(old)


def _age(folder: Path) -> float:
    return -folder.stat().st_mtime
