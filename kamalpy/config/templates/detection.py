"""Detects which files are written in Jinja2, and which only contain braces."""

from __future__ import annotations

import re

import yaml

from .permissions import permissions_of

_MARK = re.compile(r"(?<!\$)\{\{-?\s*(?:env\b|destination\b|read_file\b|run\b)|\{%")
_CONTAINERS = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_ENDS = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


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
    keys: list[bool | None] = []
    try:
        events = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        return all(_fits(event, keys) for event in events)
    except yaml.YAMLError:
        return False


def _fits(event: yaml.Event, keys: list[bool | None]) -> bool:
    """Check an event; ``keys`` tells for each level whether a key is next."""
    if isinstance(event, _ENDS):
        keys.pop()
    if not isinstance(event, (*_CONTAINERS, yaml.ScalarEvent, yaml.AliasEvent)):
        return True
    is_key = bool(keys and keys[-1])
    if keys and keys[-1] is not None:
        keys[-1] = not keys[-1]
    if isinstance(event, _CONTAINERS):
        keys.append(True if isinstance(event, yaml.MappingStartEvent) else None)
        return not is_key
    return True
