"""``File``, ``IO`` and ``Dir``: reading, asking, putting paths together."""

from __future__ import annotations

import os
import posixpath
import stat
from pathlib import Path

from kamalpy.config.templates.limits import MAX_SIZE
from kamalpy.config.templates.trouble import Beyond, Exceeded, RubyError
from kamalpy.config.templates.values import Module, Value
from kamalpy.config.templates.world import World

from .methods import Call, Methods, wrong_kind


def read_text(name: str, world: World) -> str:
    """The text of a file, relative to the project's folder."""
    path = _path(name, world)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise _no_file(name, path)
        if path.stat().st_size > MAX_SIZE:
            raise Exceeded(f"the file {name} is larger than {MAX_SIZE:,} bytes")
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise Beyond(f"the file {name}, which is not UTF-8") from None
    except OSError as error:
        raise _unreadable(name, error) from None


def _path(name: str, world: World) -> Path:
    if "\0" in name:
        raise RubyError("ArgumentError", "a path holds a null byte")
    return world.path(name)


def _no_file(name: str, path: Path) -> RubyError:
    if path.is_dir():
        return RubyError("Errno::EISDIR", f"{name} is a directory", "name a file in it")
    return RubyError("Errno::EACCES", f"{name} is no ordinary file", "name one that is")


def _unreadable(name: str, error: OSError) -> RubyError:
    if isinstance(error, FileNotFoundError):
        how = "create it; paths are relative to the project's folder"
        message = f"No such file or directory @ rb_sysopen - {name}"
        return RubyError("Errno::ENOENT", f"there is no file {name}", how, message)
    kind = "Errno::EACCES" if isinstance(error, PermissionError) else "SystemCallError"
    return RubyError(kind, f"{name} cannot be read: {error.strerror}", "mend that")


def _read(call: Call, module: Module, name: str, *, encoding: Value = None) -> str:
    call.meter.spend(100)
    return call.sized(read_text(name, call.world))


def _read_lines(call: Call, module: Module, name: str, *, chomp: Value = False) -> Value:
    lines = read_text(name, call.world).splitlines(keepends=True)
    call.meter.room(sum(map(len, lines)))
    return call.listed([line.rstrip("\r\n") if chomp else line for line in lines])


def _asked(call: Call, name: str, question: str) -> bool:
    call.meter.spend(20)
    path = _path(name, call.world)
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    if question == "readable":
        return os.access(path, os.R_OK)
    return {"file": stat.S_ISREG, "directory": stat.S_ISDIR}.get(question, bool)(mode)


def _exists(call: Call, module: Module, name: str) -> bool:
    return _asked(call, name, "exist")


def _is_file(call: Call, module: Module, name: str) -> bool:
    return _asked(call, name, "file")


def _is_directory(call: Call, module: Module, name: str) -> bool:
    return _asked(call, name, "directory")


def _is_readable(call: Call, module: Module, name: str) -> bool:
    return _asked(call, name, "readable")


def _exists_of_old(call: Call, module: Module, name: str) -> Value:
    raise RubyError("NoMethodError", "File.exists? is gone since Ruby 3.2", "write File.exist?")


def _join(call: Call, module: Module, *parts: Value) -> str:
    path = ""
    for index, part in enumerate(_flat(call, list(parts))):
        if not index:
            path = part
        elif path.endswith("/") or part.startswith("/"):
            path = path.rstrip("/") + "/" + part.lstrip("/")
        else:
            path = f"{path}/{part}"
        call.meter.room(len(path))
    return path


def _flat(call: Call, parts: list[Value]) -> list[str]:
    found: list[str] = []
    for part in parts:
        call.meter.spend()
        if isinstance(part, list):
            call.meter.deeper()
            found += _flat(call, part)
            call.meter.shallower()
        elif isinstance(part, str):
            found.append(part)
        else:
            raise wrong_kind(part, "String")
    return found


def _basename(call: Call, module: Module, name: str, ending: str = "") -> str:
    base = posixpath.basename(name.rstrip("/")) or name[:1]
    if ending == ".*":
        return base.rpartition(".")[0] or base
    return base.removesuffix(ending) if base != ending else base


def _dirname(call: Call, module: Module, name: str) -> str:
    return posixpath.dirname(name.rstrip("/")) or ("/" if name.startswith("/") else ".")


def _extname(call: Call, module: Module, name: str) -> str:
    return posixpath.splitext(name.rstrip("/"))[1]


def _expand_path(call: Call, module: Module, name: str, start: str = "") -> str:
    home = call.world.environ.get("HOME", "~")
    if name == "~" or name.startswith("~/"):
        name = home + name[1:]
    elif name.startswith("~"):
        raise Beyond("another user's home in File.expand_path")
    base = posixpath.join(str(call.world.root.absolute()), start)
    return posixpath.normpath(posixpath.join(base, name))


def _split(call: Call, module: Module, name: str) -> list[Value]:
    return [_dirname(call, module, name), _basename(call, module, name)]


FILE: Methods = {
    "absolute_path": _expand_path,
    "basename": _basename,
    "directory?": _is_directory,
    "dirname": _dirname,
    "exist?": _exists,
    "exists?": _exists_of_old,
    "expand_path": _expand_path,
    "extname": _extname,
    "file?": _is_file,
    "join": _join,
    "read": _read,
    "readable?": _is_readable,
    "readlines": _read_lines,
    "split": _split,
}

DIR: Methods = {
    "exist?": _is_directory,
    "getwd": lambda call, module: str(call.world.root.absolute()),
    "pwd": lambda call, module: str(call.world.root.absolute()),
}
