"""Write a file so that a crash leaves the old content or the new; keep a key out of git."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from kamalpy.errors import SecretError


def write(path: Path, content: bytes, *, mode: int) -> None:
    """Replace a file; raises SecretError, with the old file in place, when that fails."""
    target = path.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, content, mode)
    except OSError as error:
        what = f"cannot be written: {error.strerror}"
        raise SecretError.at(what, "nothing has changed", file=str(path)) from None


def _replace(target: Path, content: bytes, mode: int) -> None:
    # The name begins like the target's, so that .gitignore covers both.
    handle, name = tempfile.mkstemp(prefix=f"{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def ignore(root: Path, name: str) -> None:
    """Add a file and its drafts to ``.gitignore``, and to ``.dockerignore`` if there is one."""
    if Path(name).is_absolute() or ".." in Path(name).parts:
        # Outside of the project, whose own files cannot name it.
        path = root / name
        _add(path.parent / ".gitignore", f"/{path.name}*")
        return
    _add(root / ".gitignore", f"/{name}*")
    if (root / ".dockerignore").exists():
        _add(root / ".dockerignore", f"{name}*")


def _add(path: Path, pattern: str) -> None:
    try:
        content = path.read_bytes() if path.exists() else b""
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    except OSError as error:
        raise SecretError.at(f"cannot be read: {error.strerror}", file=path.name) from None
    if pattern.encode() in content.splitlines():
        return
    separator = b"" if not content or content.endswith(b"\n") else b"\n"
    write(path, content + separator + pattern.encode() + b"\n", mode=mode)
