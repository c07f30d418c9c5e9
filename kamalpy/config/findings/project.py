"""The files next to deploy.yml: hooks that never run, volumes of a Dockerfile without a mount."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from kamalpy.config.draft import Draft, as_dict, as_list
from kamalpy.config.faults import Fault
from kamalpy.config.files import is_there
from kamalpy.config.hooks import HOOKS, OURS, RETIRED
from kamalpy.errors import Problem
from kamalpy.reference.spelling import closest

VOLUME = re.compile(r"^\s*VOLUME\s+(.+)$", re.MULTILINE | re.IGNORECASE)


def hooks(draft: Draft, root: Path) -> Iterator[Problem]:
    """Find hooks with an extension, and those that are no programs: neither ever runs."""
    written = draft.raw.get("hooks_path")
    name = written if isinstance(written, str) else ".kamal/hooks"
    known = [*HOOKS, *OURS, *RETIRED]
    for path in sorted((root / name).glob("*")):
        file = f"{name}/{path.name}"
        if path.suffix and path.suffix != ".sample" and path.stem in known:
            what = f"never runs: hooks have no {path.suffix}"
            yield Problem(what, f"rename it to {path.stem}", file=file)
        elif path.is_file() and path.name not in known and (close := closest(path.name, known)):
            if not path.suffix:
                yield Problem(
                    "never runs: no hook has this name", f"rename it to {close}", file=file
                )
        elif path.name in known and path.is_file():
            yield from _program(path, file)


def _program(path: Path, file: str) -> Iterator[Problem]:
    """Find what keeps a hook from being run."""
    if not os.access(path, os.X_OK):
        yield Problem("is not executable", f"chmod +x {file}", file=file)
    if not os.access(path, os.R_OK):
        return
    with path.open("rb") as opened:
        first = opened.readline(200)
    if first.startswith(b"#!") and first.endswith(b"\r\n"):
        how = f"sed -i 's/\\r$//' {file}"
        yield Problem("cannot be run, since its lines end as in Windows", how, file=file)
    elif first.isascii() and not first.startswith(b"#!"):
        yield Problem("cannot be run", 'add a first line like "#!/bin/sh"', file=file)


def volumes(draft: Draft, root: Path) -> Iterator[Fault]:
    """Find folders that the Dockerfile declares as volumes, and that nothing is mounted at."""
    builder = as_dict(draft.raw.get("builder"))
    dockerfile = root / str(builder.get("dockerfile") or "Dockerfile")
    if not is_there(dockerfile):
        return
    targets = [str(item).split(":")[1:2] for item in as_list(draft.raw.get("volumes"))]
    mounted = {target.rstrip("/") for pair in targets for target in pair}
    for line in VOLUME.findall(dockerfile.read_text(errors="replace")):
        for folder in re.findall(r"/[^\s\"',\]]+", line):
            if folder.rstrip("/") not in mounted:
                name = folder.strip("/").replace("/", "-")
                how = f'add "{draft.raw.get("service")}-{name}:{folder}" to volumes'
                what = f"mounts nothing at {folder}, a volume of {dockerfile.name}: each deploy "
                yield Fault(f"{what}begins with an empty one", how, ("volumes",))
