"""Tells files that are written in Jinja2 from files that only hold braces."""

from __future__ import annotations

import re

import yaml

from .wishes import wishes_of

_MARK = re.compile(r"(?<!\$)\{\{-?\s*(?:env\b|destination\b|read_file\b|run\b)|\{%")
_CONTAINERS = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_ENDS = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


def is_jinja(text: str, file: str) -> bool:
    """
    Whether a file is written in Jinja2.

    It is when its name or ``x-kamalpy`` says so, or when it has marks of ours where Kamal could
    not read it. Other braces, as in ``docker ps --format "{{.Names}}"``, belong to the file.
    """
    if file.endswith(".j2") or wishes_of(text).jinja:
        return True
    return "<%" not in text and bool(_MARK.search(text)) and not _is_plain(text)


def _is_plain(text: str) -> bool:
    """Whether this is YAML in which no key is a hash or list, as ``{{ env.X }}`` would be."""
    keys: list[bool | None] = []
    try:
        events = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        return all(_fits(event, keys) for event in events)
    except yaml.YAMLError:
        return False


def _fits(event: yaml.Event, keys: list[bool | None]) -> bool:
    """Follow an event; ``keys`` says of each level whether a key is awaited there."""
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
