"""Keeps a key out of git, and out of images."""

from __future__ import annotations

from pathlib import Path

from kamalpy.errors import Problem, SecretError

from . import atomic


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
        problem = Problem(f"cannot be read: {error.strerror}", file=path.name)
        raise SecretError(str(problem)) from None
    if pattern.encode() in content.splitlines():
        return
    separator = b"" if not content or content.endswith(b"\n") else b"\n"
    atomic.write(path, content + separator + pattern.encode() + b"\n", mode=mode)
