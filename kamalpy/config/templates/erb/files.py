"""``File`` and ``Dir``: what is in files, and paths."""

from __future__ import annotations

import posixpath
import stat

from kamalpy.config.templates.project_files import path_of, read_text
from kamalpy.config.templates.template_errors import RubyError, UnsupportedError

from .calls import MethodCall, Methods
from .collections import flatten
from .values import Module, Value, expect, is_truthy


def _read(call: MethodCall, module: Module, name: Value, *, encoding: Value = None) -> str:
    call.meter.spend(100)
    return call.sized(read_text(expect(name, str), call.context))


def _read_lines(call: MethodCall, module: Module, name: Value, *, chomp: Value = False) -> Value:
    lines = read_text(expect(name, str), call.context).splitlines(keepends=True)
    return call.listed([line.rstrip("\r\n") if is_truthy(chomp) else line for line in lines])


def _mode(call: MethodCall, name: Value) -> int:
    """Return the mode of a file, 0 if there is none."""
    call.meter.spend(20)
    try:
        return path_of(expect(name, str), call.context).stat().st_mode
    except OSError:
        return 0


def _exists_in_old_ruby(call: MethodCall, module: Module, name: Value) -> Value:
    how = "write File.exist?"
    raise RubyError("NoMethodError", "File.exists? was removed in Ruby 3.2", how)


def _join(call: MethodCall, module: Module, *parts: Value) -> str:
    path = ""
    for index, part in enumerate(flatten(call, list(parts))):
        text = expect(part, str)
        path = f"{path.rstrip('/')}/{text.lstrip('/')}" if index else text
        call.meter.allocate(len(path))
    return path


def _basename(call: MethodCall, module: Module, name: Value, ending: Value = "") -> str:
    base = posixpath.basename(expect(name, str).rstrip("/")) or expect(name, str)[:1]
    if ending == ".*":
        return base.rpartition(".")[0] or base
    return base.removesuffix(expect(ending, str)) if base != ending else base


def _dirname(call: MethodCall, module: Module, name: Value) -> str:
    text = expect(name, str)
    return posixpath.dirname(text.rstrip("/")) or ("/" if text.startswith("/") else ".")


def _expand_path(call: MethodCall, module: Module, name: Value = ".", start: Value = "") -> str:
    path = expect(name, str)
    if path == "~" or path.startswith("~/"):
        path = call.context.environ.get("HOME", "~") + path[1:]
    elif path.startswith("~"):
        raise UnsupportedError("another user's home in File.expand_path")
    root = str(call.context.root.absolute())
    return posixpath.normpath(posixpath.join(root, expect(start, str), path))


FILE: Methods = {
    "basename": _basename,
    "binread": _read,
    "directory?": lambda call, module, name: stat.S_ISDIR(_mode(call, name)),
    "dirname": _dirname,
    "exist?": lambda call, module, name: _mode(call, name) != 0,
    "exists?": _exists_in_old_ruby,
    "expand_path": _expand_path,
    "extname": lambda call, module, name: posixpath.splitext(expect(name, str).rstrip("/"))[1],
    "file?": lambda call, module, name: stat.S_ISREG(_mode(call, name)),
    "join": _join,
    "read": _read,
    "readlines": _read_lines,
}
DIRECTORY: Methods = {
    "exist?": FILE["directory?"],
    "pwd": _expand_path,
}
