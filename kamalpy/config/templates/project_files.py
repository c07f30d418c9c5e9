"""The files that a template may read."""

from __future__ import annotations

import stat
from pathlib import Path

from .context import RenderContext
from .limits import MAX_SIZE
from .template_errors import LimitError, RubyError, UnsupportedError


def read_text(name: str, context: RenderContext) -> str:
    """Read a regular file; ``name`` is relative to the project's folder."""
    path = path_of(name, context)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise _not_a_file(name, path)
        if path.stat().st_size > MAX_SIZE:
            raise LimitError(f"the file {name} is larger than {MAX_SIZE:,} bytes")
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise UnsupportedError(f"the file {name}, which is not UTF-8") from None
    except OSError as error:
        raise _unreadable(name, error) from None


def path_of(name: str, context: RenderContext) -> Path:
    """Return the path of a file that a template names."""
    if "\0" in name:
        raise RubyError("ArgumentError", "a path holds a null byte")
    return context.root / name


def _not_a_file(name: str, path: Path) -> RubyError:
    if path.is_dir():
        return RubyError("Errno::EISDIR", f"{name} is a directory", "name a file in it")
    return RubyError("Errno::EACCES", f"{name} is no regular file", "name one that is")


def _unreadable(name: str, error: OSError) -> RubyError:
    if isinstance(error, FileNotFoundError):
        how = "create it; paths are relative to the project's folder"
        message = f"No such file or directory @ rb_sysopen - {name}"
        return RubyError("Errno::ENOENT", f"there is no file {name}", how, message)
    kind = "Errno::EACCES" if isinstance(error, PermissionError) else "SystemCallError"
    return RubyError(kind, f"{name} cannot be read: {error.strerror}", "fix that")
