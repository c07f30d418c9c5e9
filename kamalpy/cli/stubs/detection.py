"""Detect what a project needs: its port, framework, health check and architecture."""

from __future__ import annotations

import os
import platform
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from kamalpy.cli.stubs.frameworks import UNKNOWN, Framework, detect
from kamalpy.config.settings import suggestion

_ARCHES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
ROUTE = re.compile(
    r"""["'`](?:GET )?/?(up|healthz?|health[_-]?check|livez|readyz|ping|status)/?["'`]"""
)
SUFFIXES = frozenset(
    (".py", ".rb", ".ex", ".exs", ".js", ".ts", ".mjs", ".cjs", ".tsx", ".go", ".php")
)
SKIPPED = frozenset(("node_modules", "vendor", "deps", "_build", "venv", "dist", "build", "tests"))
MOST_FILES = 2_000
MOST_BYTES = 200_000
NAMES = ("up", "healthz", "health", "health_check", "health-check", "healthcheck", "livez")
"""From the usual to the unusual."""
_CONTINUED = re.compile(r"\\[ \t]*\n(?:[ \t]*#.*\n)*")
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::-([^}]*))?\})")
_ASSIGNED = re.compile(r"(\w+)(?:=|\s+)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Detected:
    """What a project's folder and this machine show."""

    service: str
    arch: str
    port: int | None
    framework: Framework = UNKNOWN
    health: str | None = None
    host: str = "192.0.2.1"

    @classmethod
    def in_folder(cls, folder: Path) -> Detected:
        """Detect them in a folder."""
        image = folder / "Dockerfile"
        port = exposed_port(image.read_text(errors="replace")) if image.is_file() else None
        arch = _ARCHES.get(platform.machine().lower(), "amd64")
        name = suggestion(folder.name.lower().replace("_", "-"))
        service = name if name[0].isalpha() else f"app-{name}"
        framework = detect(folder)
        return cls(service, arch, port, framework, framework.health or health_path(folder))

    @property
    def user(self) -> str:
        """The user of a database, which needs no quotes in SQL."""
        return self.service.lower().replace("-", "_")


def health_path(folder: Path) -> str | None:
    """Find a route that is called like a health check; the most usual name wins."""
    found: set[str] = set()
    for path in islice(_sources(folder), MOST_FILES):
        try:
            with path.open(errors="replace") as opened:
                found.update(ROUTE.findall(opened.read(MOST_BYTES)))
        except OSError:
            continue
    ordered = [name for name in NAMES if name in found] or sorted(found)
    return f"/{ordered[0]}" if ordered else None


def _sources(folder: Path) -> Iterator[Path]:
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if each[0] != "." and each not in SKIPPED)
        yield from (Path(where) / name for name in sorted(files) if Path(name).suffix in SUFFIXES)


@dataclass
class _Stage:
    ports: list[int] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)


def exposed_port(text: str) -> int | None:
    """Find the first port that the last stage exposes, itself or by what it is built from."""
    stages: dict[str, _Stage] = {}
    stage = _Stage()
    for word, rest in _instructions(text):
        if word == "FROM":
            base, _, name = rest.partition(" ")
            above = stages.get(base.lower())
            stage = _Stage(list(above.ports), dict(above.variables)) if above else _Stage()
            stages[name.rpartition(" ")[2].lower() or str(len(stages))] = stage
        elif word in ("ARG", "ENV"):
            stage.variables.update(_assigned(rest))
        elif word == "EXPOSE":
            stage.ports.extend(_ports(_replaced(rest, stage.variables)))
    return stage.ports[0] if stage.ports else None


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    for line in _CONTINUED.sub(" ", text.replace("\r\n", "\n")).splitlines():
        word, _, rest = line.strip().partition(" ")
        flags = re.sub(r"^(?:--\S+\s+)*", "", rest.strip())
        yield word.upper(), flags


def _assigned(rest: str) -> dict[str, str]:
    """Read ``NAME=value NAME=value``, or ``NAME value`` of old."""
    if "=" not in rest.split(" ", 1)[0]:
        match = _ASSIGNED.fullmatch(rest)
        return {match[1]: match[2].strip()} if match else {}
    try:
        words = shlex.split(rest)
    except ValueError:
        return {}
    return dict(word.split("=", 1) for word in words if "=" in word)


def _replaced(text: str, variables: dict[str, str]) -> str:
    return _VARIABLE.sub(lambda found: variables.get(found[1] or found[2]) or found[3] or "", text)


def _ports(text: str) -> Iterator[int]:
    for word in text.split():
        number, _, protocol = word.partition("/")
        if number.isdecimal() and protocol.lower() in ("", "tcp"):
            yield int(number)
