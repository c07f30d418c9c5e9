"""The context of `docker build`: a folder, and files that are prepared outside of Docker."""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from fleet.errors import FleetError
from fleet.shell import must, persist, run

_PLATFORMS = ("manylinux2014", "manylinux_2_17", "manylinux_2_28", "manylinux_2_34")
_IGNORED = {"__pycache__", ".env", ".git", ".mypy_cache", ".pytest_cache", ".ruff_cache"}


def digest(parts: Iterable[object], *folders: Path) -> str:
    """Return a digest of words, and of every file below the folders."""
    sum_ = hashlib.sha256(repr([str(part) for part in parts]).encode())
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and _IGNORED.isdisjoint(file.relative_to(folder).parts):
                mode = file.stat().st_mode & 0o111
                sum_.update(repr((str(file.relative_to(folder)), mode, file.read_bytes())).encode())
    return sum_.hexdigest()[:16]


def assemble(target: Path, folder: Path, layer: Path | None, wheels: Path | None) -> Path:
    """Copy a folder, add a layer's files and wheels to it, and pack all of it."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns(*_IGNORED))
    if layer:
        pack(layer, target / "layer.tar")
    if wheels:
        shutil.copytree(wheels, target / "wheels", dirs_exist_ok=True)
    return pack(target, target.with_name(f"{target.name}.tar"))


def pack(folder: Path, tar: Path) -> Path:
    """Pack a folder without the whiteouts of an overlay (character devices)."""
    names = must(
        "find", folder, "-mindepth", "1", "!", "-type", "c", "!", "-type", "s", "-printf", "%P\\0"
    )
    must("tar", "--create", "--numeric-owner", "--no-recursion", "--null", f"--file={tar}",
         f"--directory={folder}", "--files-from=-", stdin=names.encode())  # fmt: skip
    return tar


def wheels(directory: Path, requirements: str) -> Path:
    """Download wheels of these requirements for the image's Python, with this machine's pip."""
    home = directory / "wheels" / digest([requirements])
    if not home.exists():
        draft = home.with_name(f"{home.name}.draft")
        draft.mkdir(parents=True, exist_ok=True)
        (draft / "requirements.txt").write_text(requirements)
        persist(lambda: _download(draft))
        draft.rename(home)
    return home


def _download(folder: Path) -> None:
    machine = must("uname", "-m").strip()
    platforms = [f"--platform={platform}_{machine}" for platform in _PLATFORMS]
    done = run(sys.executable, "-m", "pip", "download", "--quiet", "--only-binary=:all:",
               "--implementation=cp", "--python-version=3.11", *platforms,
               f"--dest={folder}", f"--requirement={folder}/requirements.txt")  # fmt: skip
    if done.returncode:
        raise FleetError(f"pip cannot download what the images need:\n{done.stderr.strip()}")
