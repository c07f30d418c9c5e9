"""
Variables of the server in deploy.yml: ``${NAME}`` and ``${NAME:-default}``.

Kamal leaves them to the shell of the SSH user. Here their values are read from the server and put
in as text: no shell sees them. In paths, which Kamal does not quote, ``$NAME`` is one as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kamalpy.config.document import Path
from kamalpy.config.draft import Draft, as_dict, as_list
from kamalpy.config.faults import Fault
from kamalpy.errors import ArgumentError

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_IN_TEXT = re.compile(rf"\$\{{(?:({_NAME})(?::-([^}}]*))?\}}|[^}}]*\}})")
_IN_PATH = re.compile(rf"{_IN_TEXT.pattern}|\$({_NAME})")
_IN_COMMAND = re.compile(rf"\$(?:({_NAME})|\{{({_NAME})?[^}}]*\}}|\([^)]*\)?)")
_QUOTED = re.compile(r"'[^']*'|\\.")
_FLAG_OF_SHELL = re.compile(r"(^|[ /])(sh|ash|bash|dash|zsh) -[a-z]*c$")
_SUPPORTED = "write ${NAME} or ${NAME:-default}"


def names(texts: Iterable[str] = (), paths: Iterable[str] = ()) -> tuple[str, ...]:
    """List the variables in texts and paths."""
    found = [match for text in texts for match in _IN_TEXT.finditer(text)]
    found += [match for path in paths for match in _IN_PATH.finditer(path)]
    return tuple(dict.fromkeys(name for match in found if (name := _name(match)) is not None))


def expand(text: str, values: Mapping[str, str], field: str, *, path: bool = False) -> str:
    """Put the values in; raises ArgumentError for a variable that is not set, naming the field."""

    def value(match: re.Match[str]) -> str:
        name, default = _name(match), match[2]
        if name is None:
            raise ArgumentError(f"{field}: {match[0]} is not supported; {_SUPPORTED}")
        if default is not None:
            return values.get(name) or default
        if name not in values:
            raise ArgumentError(
                f"{field}: {name} is not set on the server; set it there for the SSH user, in "
                f"/etc/environment for example, or write ${{{name}:-default}}"
            )
        return values[name]

    return (_IN_PATH if path else _IN_TEXT).sub(value, text)


def variable_faults(draft: Draft) -> Iterator[Fault]:
    """Find variables that nothing expands."""
    for path, raw in draft.parts():
        yield from _in_command(raw.get("cmd"), (*path, "cmd"))
        for at, value in _expanded(raw):
            for match in _IN_TEXT.finditer(str(value)):
                if _name(match) is None:
                    yield Fault(f"{match[0]} is not supported", _SUPPORTED, (*path, *at))


def _name(match: re.Match[str]) -> str | None:
    return match[1] or (match[3] if match.re is _IN_PATH else None)


def _expanded(raw: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    env = as_dict(raw.get("env"))
    clear = ("env", "clear") if "clear" in env else ("env",)
    for name, value in as_dict(env.get("clear", env)).items():
        yield (*clear, name), value
    for key in ("labels", "options"):
        for name, value in as_dict(raw.get(key)).items():
            yield (key, name), value
    for key in ("volumes", "directories", "files"):
        for index, value in enumerate(as_list(raw.get(key))):
            yield (key, index), value


def _in_command(cmd: Any, path: Path) -> Iterator[Fault]:
    """Find the first variable in a command that no shell will see."""
    if not isinstance(cmd, str) or "$" not in _QUOTED.sub("", cmd):
        return
    words = cmd.split()
    for index, word in enumerate(words):
        if _FLAG_OF_SHELL.search(" ".join(words[:index])):
            return
        found = _IN_COMMAND.search(word)
        if found:
            what = f"holds {found[0]}, which is passed on as it is, since no shell runs the command"
            name = found[1] or found[2] or "NAME"
            how = (
                "for a variable of the container write sh -c '...', for one of this machine "
                f'<%= ENV["{name}"] %>'
            )
            yield Fault(what, how, path)
            return
