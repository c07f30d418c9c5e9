"""Writes a file so that a crash leaves the old content or the new."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from kamalpy.errors import Problem, SecretError


def write(path: Path, content: bytes, *, mode: int) -> None:
    """Replace a file; raises SecretError, with the old file in place, when that fails."""
    target = path.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, content, mode)
    except OSError as error:
        problem = Problem(
            f"cannot be written: {error.strerror}", "nothing has changed", file=str(path)
        )
        raise SecretError(str(problem)) from None


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
