"""Reads before rendering: what ``x-kamalpy`` permits, and whether a file is in Jinja2."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

_SECTION = re.compile(r"^x-kamalpy:.*\n?(?:(?:[ \t]|#|\r?$).*\n?)*", re.MULTILINE)
_MARK = re.compile(r"(?<!\$)\{\{-?\s*(?:env\b|destination\b|read_file\b|run\b)|\{%")
_BASE_LOADER: type = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class Permissions:
    """``ruby: true``, ``commands: true``, ``jinja: true``."""

    ruby: bool = False
    commands: bool = False
    jinja: bool = False


def permissions_of(text: str) -> Permissions:
    """Read them from a file as it was written; a template cannot grant them."""
    section = _SECTION.search(text)
    try:
        written = yaml.safe_load(section[0])["x-kamalpy"] if section else None
    except yaml.YAMLError:
        return Permissions()
    given = written if isinstance(written, dict) else {}
    return Permissions(**{name: given.get(name) is True for name in Permissions.__slots__})


def is_jinja(text: str, file: str) -> bool:
    """
    Tell whether a file is written in Jinja2.

    It is if its name or ``x-kamalpy`` says so, or if it uses our names in braces and Kamal could
    not read it. Other braces, as in ``docker ps --format "{{.Names}}"``, are text.
    """
    if file.endswith(".j2") or permissions_of(text).jinja:
        return True
    return "<%" not in text and bool(_MARK.search(text)) and not _is_plain(text)


def _is_plain(text: str) -> bool:
    """Tell whether this is YAML without a hash or list as a key, as ``{{ env.X }}`` would be."""
    try:
        for _ in yaml.load_all(text, Loader=_BASE_LOADER):
            continue
    except (yaml.YAMLError, RecursionError):
        return False
    return True
