"""GitHub Actions: groups that fold, and annotations of the log."""

from __future__ import annotations

import re

_PLACE = re.compile(r"(?P<file>[^\s:]+):(?P<line>\d+): ")


def group(title: str) -> str:
    """Begin a group."""
    return f"::group::{_data(title)}"


END_GROUP = "::endgroup::"


def note(level: str, text: str, title: str | None = None) -> str:
    """Write an ``error`` or ``warning``, one for each line that names a place in a file."""
    places = [_PLACE.match(line) for line in text.splitlines()]
    if len(places) > 1 and all(places):
        return "\n".join(note(level, line, title) for line in text.splitlines())
    properties = {"title": title or ""}
    if places and places[0]:
        properties |= {"file": places[0]["file"], "line": places[0]["line"]}
    named = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value)
    return f"::{level}{f' {named}' if named else ''}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
