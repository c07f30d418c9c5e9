"""The files of a configuration, and their text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from kamalpy.errors import ConfigurationError, Problem
from kamalpy.reference.spelling import did_you_mean

JINJA = ".j2"
DEPLOY_FILE = "config/deploy.yml"


@dataclass(frozen=True, slots=True)
class Source:
    """A file: its name as the user knows it, and its text."""

    name: str
    text: str


def read(root: Path, path: str, destination: str | None) -> list[Source]:
    """Read deploy.yml and the file of the destination."""
    wanted = {path: _misplaced(root, path)}
    if destination is not None:
        known = [f"-d {name}" for name in destinations(root, path)]
        how = did_you_mean(f"-d {destination}", known) if known else "write it, or leave out -d"
        wanted[destination_file(path, destination)] = how
    sources: list[Source] = []
    problems: list[Problem] = []
    for name, how in wanted.items():
        try:
            sources.append(_read(root, name, how))
        except ConfigurationError as error:
            problems += error.problems
    if problems:
        raise ConfigurationError(problems)
    return sources


def destination_file(path: str, destination: str) -> str:
    """Name the file of a destination: ``deploy.yml`` becomes ``deploy.staging.yml``."""
    return f"{Path(path.removesuffix(JINJA)).with_suffix('')}.{destination}.yml"


def destinations(root: Path, path: str) -> tuple[str, ...]:
    """Find the destinations that have a file."""
    plain = Path(path.removesuffix(JINJA))
    pattern = re.compile(re.escape(plain.stem) + r"\.(.+)\.yml(\.j2)?")
    matches = (pattern.fullmatch(file.name) for file in (root / plain).parent.glob("*.yml*"))
    return tuple(sorted({match[1] for match in matches if match}))


def _read(root: Path, name: str, how: str) -> Source:
    for candidate in (name, name + JINJA):
        if is_there(root / candidate):
            return Source(candidate, _text(root / candidate, candidate))
    what = "is a folder" if _is_folder(root / name) else f"no such file in {(root / name).parent}"
    raise ConfigurationError([Problem(what, how, file=name)])


def _misplaced(root: Path, path: str) -> str:
    """Suggest a fix for a missing file: it may have another name or folder."""
    if _is_folder(root / path):
        return f"name the file: -c {path.rstrip('/')}/deploy.yml"
    name = Path(path).name
    stem = Path(path).with_suffix("")
    for other in (f"{stem}.yaml", name, f".kamal/{name}", f"{stem}.yml.erb", f"config/{name}"):
        if other != path and is_there(root / other):
            return f"{other} is there: rename it to {path}, or use -c {other}"
    if path != DEPLOY_FILE and is_there(root / DEPLOY_FILE):
        return f"{DEPLOY_FILE} is there: leave out -c"
    return "make one with kamalpy init, or give another with -c"


def is_there(path: Path) -> bool:
    """Tell whether a file exists, also for invalid names."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _text(path: Path, name: str) -> str:
    try:
        data = path.read_bytes()
        return data.decode()
    except OSError as error:
        problem = Problem(f"cannot be read: {error.strerror}", "make it readable", file=name)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problem = Problem("is not UTF-8", "save the file as UTF-8", file=name, line=line)
    raise ConfigurationError([problem])
