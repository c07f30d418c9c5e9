"""``File``: what is in files, and paths."""

from __future__ import annotations

import posixpath

from kamalpy.config.templates.context import path_of, read_text
from kamalpy.config.templates.template_errors import UnsupportedError

from .collections import flatten
from .values import MethodCall, Methods, Module, Value, expect


def _read(call: MethodCall, module: Module, name: Value, *, encoding: Value = None) -> str:
    call.meter.spend(100)
    return read_text(expect(name, str), call.context)


def _exists(call: MethodCall, module: Module, name: Value) -> bool:
    call.meter.spend(20)
    try:
        return path_of(expect(name, str), call.context).exists()
    except OSError:
        return False


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


def _expand_path(call: MethodCall, module: Module, name: Value, start: Value = "") -> str:
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
    "exist?": _exists,
    "expand_path": _expand_path,
    "join": _join,
    "read": _read,
}
