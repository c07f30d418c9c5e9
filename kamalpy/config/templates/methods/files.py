"""``File`` and ``Dir``: what is in files, and paths."""

from __future__ import annotations

import os
import posixpath
import stat

from kamalpy.config.templates.evaluation.values import Module, Value, is_truthy, to_str
from kamalpy.config.templates.project_files import path_of, read_text
from kamalpy.config.templates.template_errors import RubyError, UnsupportedError

from .arrays import ARRAY
from .calls import MethodCall, Methods


def _read(call: MethodCall, module: Module, name: Value, *, encoding: Value = None) -> str:
    call.meter.spend(100)
    return call.sized(read_text(to_str(name), call.context))


def _read_lines(call: MethodCall, module: Module, name: Value, *, chomp: Value = False) -> Value:
    lines = read_text(to_str(name), call.context).splitlines(keepends=True)
    return call.listed([line.rstrip("\r\n") if is_truthy(chomp) else line for line in lines])


def _mode(call: MethodCall, name: Value) -> int:
    """Return the mode of a file, 0 if there is none."""
    call.meter.spend(20)
    try:
        return path_of(to_str(name), call.context).stat().st_mode
    except OSError:
        return 0


def _exists(call: MethodCall, module: Module, name: Value) -> bool:
    return bool(_mode(call, name))


def _is_directory(call: MethodCall, module: Module, name: Value) -> bool:
    return stat.S_ISDIR(_mode(call, name))


def _is_readable(call: MethodCall, module: Module, name: Value) -> bool:
    return _exists(call, module, name) and os.access(path_of(to_str(name), call.context), os.R_OK)


def _exists_in_old_ruby(call: MethodCall, module: Module, name: Value) -> Value:
    how = "write File.exist?"
    raise RubyError("NoMethodError", "File.exists? was removed in Ruby 3.2", how)


def _join(call: MethodCall, module: Module, *parts: Value) -> str:
    path = ""
    for index, part in enumerate(map(to_str, ARRAY["flatten"](call, list(parts)))):  # type: ignore[call-overload]
        path = f"{path.rstrip('/')}/{part.lstrip('/')}" if index else part
        call.meter.allocate(len(path))
    return path


def _basename(call: MethodCall, module: Module, name: Value, ending: Value = "") -> str:
    base = posixpath.basename(to_str(name).rstrip("/")) or to_str(name)[:1]
    if ending == ".*":
        return base.rpartition(".")[0] or base
    return base.removesuffix(to_str(ending)) if base != ending else base


def _dirname(call: MethodCall, module: Module, name: Value) -> str:
    text = to_str(name)
    return posixpath.dirname(text.rstrip("/")) or ("/" if text.startswith("/") else ".")


def _expand_path(call: MethodCall, module: Module, name: Value, start: Value = "") -> str:
    path = to_str(name)
    if path == "~" or path.startswith("~/"):
        path = call.context.environ.get("HOME", "~") + path[1:]
    elif path.startswith("~"):
        raise UnsupportedError("another user's home in File.expand_path")
    base = posixpath.join(str(call.context.root.absolute()), to_str(start))
    return posixpath.normpath(posixpath.join(base, path))


def _working_directory(call: MethodCall, module: Module) -> str:
    return str(call.context.root.absolute())


FILE: Methods = {
    "absolute_path": _expand_path,
    "basename": _basename,
    "binread": _read,
    "directory?": _is_directory,
    "dirname": _dirname,
    "exist?": _exists,
    "exists?": _exists_in_old_ruby,
    "expand_path": _expand_path,
    "extname": lambda call, module, name: posixpath.splitext(to_str(name).rstrip("/"))[1],
    "file?": lambda call, module, name: stat.S_ISREG(_mode(call, name)),
    "join": _join,
    "read": _read,
    "readable?": _is_readable,
    "readlines": _read_lines,
}
DIRECTORY: Methods = {
    "exist?": _is_directory,
    "pwd": _working_directory,
    "getwd": _working_directory,
}
