"""``.env`` files as the dotenv gem reads them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from .trouble import RubyError

Run: TypeAlias = Callable[[str], str]
_LINE = re.compile(
    r"^[^\S\n]*(?P<export>export\s+)?(?P<key>[\w.]+)"
    r"(?:(?:\s*=\s*?|:\s+?)(?P<value>\s*'(?:\\'|[^'])*'|\s*\"(?:\\\"|[^\"])*\"|[^#\n]+)?)?"
    r"[^\S\n]*(?:#.*)?$",
    re.MULTILINE | re.ASCII,
)
_QUOTED = re.compile(r"\A(['\"])(.*)\1\Z", re.DOTALL)
_VARIABLE = re.compile(r"(\\)?\$(?!\()\{?([A-Za-z0-9_]+)?\}?")
_OPENING = re.compile(r"(\\)?\$\(")
_LEGACY = "DOTENV_LINEBREAK_MODE"


class Withheld(Exception):  # noqa: N818 - nothing went wrong
    """A command that may not run; the variable has no value."""


@dataclass(slots=True)
class EnvFile:
    """What one file sets: values, and for each value that could not be had, its command."""

    values: dict[str, str] = field(default_factory=dict)
    withheld: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Around:
    """What a file finds when it is read: ENV, what is withheld there, and a way to run commands."""

    environ: Mapping[str, str]
    run: Run
    withheld: Mapping[str, str] = field(default_factory=dict)
    overwrite: bool = False

    def keeps(self, key: str) -> bool:
        """Whether a variable is there already and stays as it is."""
        there = key in self.environ or key in self.withheld
        return there and not self.overwrite and key != _LEGACY


def parse_env(text: str, around: Around) -> EnvFile:
    """Read a file; a variable that ENV has keeps its value unless it is overwritten."""
    found = EnvFile()
    for line in _LINE.finditer(re.sub(r"\r\n?", "\n", text).removeprefix("\ufeff")):
        key = line["key"]
        if around.keeps(key):
            _keep(found, key, around)
        elif line["export"] and line["value"] is None:
            if key not in found.values:
                raise RubyError(
                    "Dotenv::FormatError", f"export {key} stands before {key} is set", "set it"
                )
        else:
            _set(found, key, line["value"] or "", around)
    return found


def _keep(found: EnvFile, key: str, around: Around) -> None:
    if key in around.withheld:
        found.withheld[key] = around.withheld[key]
    else:
        found.values[key] = around.environ[key]


def _set(found: EnvFile, key: str, value: str, around: Around) -> None:
    known = _Known(found, around)
    try:
        found.values[key] = _value(value.strip(), known, around.run)
        found.withheld.pop(key, None)
    except Withheld as error:
        found.values.pop(key, None)
        found.withheld[key] = str(error)


@dataclass(frozen=True, slots=True)
class _Known:
    """The variables that a value may name: those of the file first, then those of ENV."""

    found: EnvFile
    around: Around

    def get(self, name: str) -> str:
        for withheld, values in (
            (self.found.withheld, self.found.values),
            (self.around.withheld, self.around.environ),
        ):
            if name in withheld:
                raise Withheld(withheld[name])
            if name in values:
                return values[name]
        return ""


def _value(value: str, known: _Known, run: Run) -> str:
    quoted = _QUOTED.match(value)
    quote, value = (quoted[1], quoted[2]) if quoted else ("", value)
    if quote == "'":
        return value
    if quote == '"':
        value = _line_breaks(value, known.get(_LEGACY) == "legacy")
    value = re.sub(r"\\([^$])", r"\1", value)
    return _with_variables(_with_commands(value, known, run), known)


def _line_breaks(value: str, legacy: bool) -> str:
    if legacy:
        return value.replace("\\n", "\n").replace("\\r", "\r")
    return value.replace("\\n", "\\\\n").replace("\\r", "\\\\r")


def _with_variables(value: str, known: _Known) -> str:
    def replace(found: re.Match[str]) -> str:
        if found[1]:
            return found[0][1:]
        return known.get(found[2]) if found[2] else found[0]

    return _VARIABLE.sub(replace, value)


def _with_commands(value: str, known: _Known, run: Run) -> str:
    ends = _brackets(value)
    parts: list[str] = []
    at = 0
    for opening in _OPENING.finditer(value):
        start, end = opening.end(), ends.get(opening.end() - 1, 0)
        if opening.start() < at or end <= start:
            continue
        parts.append(value[at : opening.start()])
        if opening[1]:
            parts.append(value[opening.start() + 1 : end + 1])
        else:
            command = _with_variables(value[start:end], known)
            parts.append(re.sub(r"\r?\n\Z", "", run(command)))
        at = end + 1
    return "".join([*parts, value[at:]])


def _brackets(value: str) -> dict[int, int]:
    """Where each round bracket ends."""
    ends: dict[int, int] = {}
    open_ones: list[int] = []
    for at, character in enumerate(value):
        if character == "(":
            open_ones.append(at)
        elif character == ")" and open_ones:
            ends[open_ones.pop()] = at
    return ends
