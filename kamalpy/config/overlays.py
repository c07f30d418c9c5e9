"""A file that is only a part of a configuration: the base alone, or a destination's file alone."""

from __future__ import annotations

import re
from pathlib import Path

from kamalpy.config.checks import required, roles
from kamalpy.config.document.nodes import Mapping, Scalar
from kamalpy.config.draft import Context, Draft
from kamalpy.config.files import JINJA, destination_file, is_there
from kamalpy.errors import ConfigurationError, Problem

ROOT_KEY = re.compile(r"^(\w[\w-]*):", re.MULTILINE)
MOST_NAMED = 3


def missing_layer(document: Mapping, file: str, context: Context) -> None:
    """Raise the one mistake behind all others: half of the configuration is not read."""
    if context.destination is not None or context.root is None:
        return
    lacking = _lacking(document)
    problem = _no_destination(document, file, context, lacking) or _overlay(file, context, lacking)
    if problem is not None:
        raise ConfigurationError([problem])


def _no_destination(
    document: Mapping, file: str, context: Context, lacking: list[str]
) -> Problem | None:
    names = context.destinations
    wanted = document.entries.get("require_destination")
    if wanted is not None and wanted.node.plain() is True:
        place = wanted.place
        how = _use(names) if names else f"use -d NAME, which reads {destination_file(file, 'NAME')}"
        path = "require_destination"
        return Problem("no destination is given", how, path, place.file, place.line)
    supplied = [
        name
        for name in names
        if lacking and not set(lacking) - _root_keys(context.root, destination_file(file, name))
    ]
    if not supplied:
        return None
    keys = f"{' and '.join(lacking)} {'are' if lacking[1:] else 'is'}"
    layer = destination_file(file, supplied[0])
    what = f"is not complete without a destination: {keys} in {layer}"
    return Problem(what, _use(tuple(supplied)), file=file)


def _overlay(file: str, context: Context, lacking: list[str]) -> Problem | None:
    """Find ``-c config/deploy.production.yml``, which is meant for ``-d production``."""
    match = re.fullmatch(r"(.+?)\.(.+)\.yml", file.removesuffix(JINJA))
    if match is None or not lacking or context.root is None:
        return None
    stem, name = match.groups()
    base = f"{stem}.yml"
    there = next((each for each in (base, base + JINJA) if is_there(context.root / each)), None)
    if there is None or set(lacking) - _root_keys(context.root, there):
        return None
    option = "" if base == "config/deploy.yml" else f"-c {base} "
    what = f"holds only what destination {name} changes in {there}"
    return Problem(what, f"use {option}-d {name}", file=file)


def _use(names: tuple[str, ...]) -> str:
    options = " or ".join(f"-d {name}" for name in names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    others = f", or one of {more} others" if more > 0 else ""
    return f"use {options}{others}, with pyinfra @kamal/{names[0]}"


def _lacking(document: Mapping) -> list[str]:
    """List the keys at the root without which there is nothing to deploy."""
    draft = Draft(document.plain())
    required_keys = [str(fault.path[0]) for fault in required(draft)]
    hostless = ["servers"] if any(roles(draft)) else []
    empty = [key for key in ("service", "image", "registry", "builder") if _is_null(document, key)]
    return list(dict.fromkeys([*required_keys, *empty, *hostless]))


def _is_null(document: Mapping, key: str) -> bool:
    entry = document.entries.get(key)
    return entry is not None and isinstance(entry.node, Scalar) and entry.node.value is None


def _root_keys(root: Path | None, name: str) -> set[str]:
    """Find the keys at the root of a file without rendering it."""
    for candidate in (name, name + JINJA):
        if root is not None and is_there(root / candidate):
            return set(ROOT_KEY.findall((root / candidate).read_text(errors="replace")))
    return set()
