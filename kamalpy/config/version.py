"""The default version: the commit, and a digest of uncommitted changes."""

from __future__ import annotations

import hashlib
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

from kamalpy.errors import VersionError

REMEDY = "give one with --version, or set VERSION"


def git_version(root: Path, *, from_clone: bool) -> str:
    """Name the current commit; uncommitted changes count only when the build sees them."""
    if reason := _without_git(root):
        raise VersionError(f"no version: {reason}, or {REMEDY}")
    revision = _revision(root)
    if revision is None:
        raise VersionError(f"no version: nothing has been committed in {root}; commit, or {REMEDY}")
    changes = None if from_clone else _uncommitted(root)
    return revision if changes is None else f"{revision}_uncommitted_{changes}"


def abbreviate(version: str) -> str:
    """Shorten a commit to seven digits; a version with an underscore stays whole."""
    return version if "_" in version else version[:7]


SUFFIX = 16


def _without_git(root: Path) -> str:
    """Say why git cannot be used in a folder, and the fix; nothing where it can."""
    words = ["git", "rev-parse", "--git-dir"]
    try:
        answer = subprocess.run(words, cwd=root, capture_output=True, check=False)
    except OSError:
        return "git is not on this machine; install it"
    if b"safe.directory" in answer.stderr:
        fix = f"git config --global --add safe.directory {shlex.quote(str(root))}"
        return f"git does not use {root}, which belongs to another user; run {fix}"
    repository = f"{root} is no git repository; run git init and commit"
    return repository if answer.returncode else ""


def _revision(root: Path) -> str | None:
    """Return the hash of the current commit, None when there is none yet."""
    answer = _git(root, "rev-parse", "--verify", "--quiet", "HEAD")
    return answer.decode().strip() if answer else None


def _uncommitted(root: Path) -> str | None:
    """
    Return 16 hexadecimal digits for the uncommitted changes, None when there are none.

    They are the same as long as the changes are, so that a dry run shows the version of the run.
    """
    status = _git(root, "status", "--porcelain", "-z", "--untracked-files=all")
    if not status:
        return None
    digest = hashlib.sha256(status)
    top = _git(root, "rev-parse", "--show-toplevel") or b"."
    for path in _changed(status, Path(top.decode().rstrip("\n"))):
        digest.update(b"\0" + _content(path))
    return digest.hexdigest()[:SUFFIX]


def _changed(status: bytes, top: Path) -> Iterator[Path]:
    entries = iter(status.decode("utf-8", "surrogateescape").split("\0"))
    for entry in entries:
        if entry[:1] in ("R", "C"):
            next(entries, None)
        if entry:
            yield top / entry[3:]


def _content(path: Path) -> bytes:
    if path.is_symlink():
        return str(path.readlink()).encode("utf-8", "surrogateescape")
    return path.read_bytes() if path.is_file() else b""


def _git(root: Path, *words: str) -> bytes | None:
    try:
        answer = subprocess.run(["git", *words], cwd=root, capture_output=True, check=False)
    except OSError:
        return None
    return answer.stdout if answer.returncode == 0 else None
