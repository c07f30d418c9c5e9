"""A clean git clone to build from, where Kamal has it: ``/tmp/kamal-clones``."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from kamalpy.errors import BuildError
from kamalpy.operations.build.process import Finished, run

DIGITS = 13


@dataclass(frozen=True, slots=True)
class Clone:
    """The clone of a repository for the project in one of its folders."""

    root: Path
    top: Path
    service: str

    @classmethod
    def of(cls, root: Path, service: str) -> Clone | None:
        """Find the repository around a project; None where there is none, or no git."""
        if shutil.which("git") is None:
            return None
        found = run(["git", "-C", str(root), "rev-parse", "--show-toplevel"])
        return None if found.status else cls(root, Path(found.text.rstrip("\n")), service)

    @property
    def folder(self) -> Path:
        """The folder that holds the clone."""
        digits = hashlib.sha256(str(self.root).encode()).hexdigest()[:DIGITS]
        return Path(tempfile.gettempdir()) / "kamal-clones" / f"{self.service}-{digits}"

    @property
    def repository(self) -> Path:
        """The clone itself."""
        return self.folder / self.top.name

    @property
    def build_folder(self) -> Path:
        """The project's folder in the clone."""
        return self.repository / self.root.resolve().relative_to(self.top.resolve())

    def prepare(self) -> Path:
        """Clone the current commit with its submodules, or bring an earlier clone to it."""
        commit = self._git(self.root, "rev-parse", "HEAD").text.strip()
        try:
            self._bring(commit)
        except BuildError:  # an interrupted or damaged clone
            shutil.rmtree(self.folder, ignore_errors=True)
            self._bring(commit)
        return self.build_folder

    def _bring(self, commit: str) -> None:
        self._make_folder()
        if self.repository.exists():
            self._reset(commit)
        else:
            words = ("clone", str(self.top), "--recurse-submodules")
            self._git(self.folder, *words)
        changed = self._git(self.repository, "status", "--porcelain").text
        current = self._git(self.repository, "rev-parse", "HEAD").text.strip()
        if changed or current != commit:
            raise BuildError(f"{self.repository}: the clone differs from commit {commit}\n{changed}")

    def _reset(self, commit: str) -> None:
        for words in (
            ("remote", "set-url", "origin", str(self.top)),
            ("fetch", "origin"),
            ("reset", "--hard", commit),
            ("clean", "-fdx"),
            ("submodule", "update", "--init"),
            ("gc", "--auto", "--quiet"),
        ):
            self._git(self.repository, *words)

    def _make_folder(self) -> None:
        """Make the folder for this user alone; in /tmp somebody else may have been first."""
        if not self.folder.parent.exists():
            self.folder.parent.mkdir()
            self.folder.parent.chmod(0o1777)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        if self.folder.is_symlink() or self.folder.stat().st_uid != os.geteuid():
            raise BuildError(f"{self.folder}: belongs to somebody else; remove it, or set TMPDIR")

    def _git(self, folder: Path, *words: str) -> Finished:
        return run(["git", "-C", str(folder), *words]).check()


def uncommitted(root: Path) -> str:
    """List the uncommitted changes as git's short status does; nothing where there are none."""
    if shutil.which("git") is None:
        return ""
    found = run(["git", "-C", str(root), "status", "--porcelain"])
    return "" if found.status else found.text.rstrip()
