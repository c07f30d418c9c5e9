"""Lists of hosts, each with the tags it carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema

from kamalpy.config.document.nodes import Path
from kamalpy.config.document.ruby import kind
from kamalpy.config.faults import Fault, expected, validation_error
from kamalpy.config.kinds import SCALARS, text


@dataclass(frozen=True, slots=True)
class TaggedHost:
    """A host and its tags."""

    host: str
    tags: tuple[str, ...] = ()


def _host(value: Any) -> TaggedHost:
    if isinstance(value, TaggedHost):
        return value
    if isinstance(value, str):
        return TaggedHost(str(value))
    if isinstance(value, dict) and len(value) == 1:
        [(host, tags)] = value.items()
        return TaggedHost(str(host), _tags(host, tags))
    if isinstance(value, dict):
        raise Fault(f"holds {len(value)} hosts", "write one host to an item").error()
    quotes = "put it in quotes" if isinstance(value, (bool, int, float)) else "write one host name"
    raise expected("a string or a hash", quotes)


def _tags(host: str, tags: Any) -> tuple[str, ...]:
    if isinstance(tags, list):
        wrong = [index for index, tag in enumerate(tags) if not _is_text(tag)]
        _refuse(*(((host, index), "a string", tags[index]) for index in wrong))
        return tuple(text(tag) for tag in tags)
    if not _is_text(tags):
        _refuse(((host,), "a string or an array", tags))
    return (text(tags),)


def _is_text(value: Any) -> bool:
    return isinstance(value, (str, bool, int, float))


def _refuse(*mistakes: tuple[Path, str, Any]) -> None:
    how = "write the name of a tag, or remove the colon"
    faults = [
        Fault(f"should be {shape}, not {kind(value)}", how, p) for p, shape, value in mistakes
    ]
    if faults:
        raise validation_error("host", faults)


TAGS = {"anyOf": [{"type": SCALARS}, {"type": "array", "items": {"type": SCALARS}}]}
ONE_HOST = {"type": "object", "additionalProperties": TAGS, "minProperties": 1, "maxProperties": 1}
HOST_SCHEMA = {"anyOf": [{"type": "string"}, ONE_HOST]}
HostItem = Annotated[TaggedHost, PlainValidator(_host), WithJsonSchema(HOST_SCHEMA)]


def unique(items: tuple[TaggedHost, ...]) -> dict[str, tuple[str, ...]]:
    """Return each host once, with the tags of its last mention."""
    return {item.host: item.tags for item in items}
