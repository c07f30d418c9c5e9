"""Values as YAML text, in the very form in which Psych writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import yaml

from kamalpy.config.document.ruby import NonStringKey, Symbol, to_s
from kamalpy.config.document.scalars import scan

DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
INNER_BREAK = re.compile(r"\n(?!\n?\Z)")
NO_WORD = re.compile(r'^\W[^"]*$', re.MULTILINE)
ALMOST_OCTAL = re.compile(r"0[0-7]*[89]")


@dataclass(frozen=True, slots=True)
class RubyObject:
    """An object of a Ruby class, with its variables."""

    name: str
    variables: dict[str, Any]


def emit(value: Any) -> str:
    """Write a value as a YAML document."""
    events = [
        yaml.StreamStartEvent(),
        yaml.DocumentStartEvent(explicit=True),
        *_events(value),
        yaml.DocumentEndEvent(explicit=False),
        yaml.StreamEndEvent(),
    ]
    text: str = yaml.emit(events, Dumper=DUMPER, allow_unicode=True)
    return text


def _events(value: Any) -> Iterator[yaml.Event]:
    if isinstance(value, NonStringKey):
        value = value.value
    if isinstance(value, dict):
        yield from _mapping(value, None)
    elif isinstance(value, RubyObject):
        yield from _mapping(value.variables, f"!ruby/object:{value.name}")
    elif isinstance(value, (list, tuple)):
        yield yaml.SequenceStartEvent(None, None, implicit=True, flow_style=False)
        for item in value:
            yield from _events(item)
        yield yaml.SequenceEndEvent()
    else:
        yield _scalar(value)


def _mapping(value: dict[Any, Any], tag: str | None) -> Iterator[yaml.Event]:
    yield yaml.MappingStartEvent(None, tag, implicit=tag is None, flow_style=False)
    for key, item in value.items():
        yield from _events(key)
        yield from _events(item)
    yield yaml.MappingEndEvent()


def _scalar(value: Any) -> yaml.ScalarEvent:
    if isinstance(value, Symbol):
        return yaml.ScalarEvent(None, None, (True, False), f":{value}")
    if isinstance(value, str):
        return _string(value)
    if value is None:
        return yaml.ScalarEvent(None, "tag:yaml.org,2002:null", (True, False), "")
    return yaml.ScalarEvent(None, None, (True, False), _printed(value))


def _string(value: str) -> yaml.ScalarEvent:
    if value == "<<":
        return yaml.ScalarEvent(None, "tag:yaml.org,2002:str", (False, False), value, style="'")
    return yaml.ScalarEvent(None, None, (True, True), value, style=_style(value))


def _style(value: str) -> str:
    if INNER_BREAK.search(value):
        return "|"
    if value in ("y", "Y", "n", "N") or NO_WORD.search(value):
        return '"'
    read = scan(value)
    text = isinstance(read, str) and not isinstance(read, Symbol)
    return "" if text and not ALMOST_OCTAL.match(value) else "'"


def _printed(value: Any) -> str:
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return ".nan" if value != value else ".inf" if value > 0 else "-.inf"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f000 Z")
    return value.isoformat() if isinstance(value, date) else to_s(value)
