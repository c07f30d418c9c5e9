"""What a terminal can show, and the commands of GitHub Actions."""

from __future__ import annotations

import os
import re
from typing import Any, TextIO

import click

from kamalpy.cli.settings import Settings

GROUP_END = "::endgroup::"
_PLACE = re.compile(r"(?P<file>[^\s:]+):(?P<line>\d+): ")


def has_colors(stream: TextIO, settings: Settings) -> bool:
    """Return whether to write colours to a stream."""
    return stream.isatty() and not settings.no_color and not is_plain()


def is_plain() -> bool:
    """Return whether the environment requests plain text."""
    return bool(os.environ.get("NO_COLOR")) or is_dumb()


def is_live(stream: TextIO, settings: Settings) -> bool:
    """Return whether a line can be redrawn on a stream."""
    return stream.isatty() and not is_dumb() and not settings.quiet and not in_actions()


def is_dumb() -> bool:
    """Return whether the terminal has no control sequences."""
    return os.environ.get("TERM") == "dumb"


def in_actions() -> bool:
    """Return whether the output goes to GitHub Actions."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def styled(text: str, colors: bool, **style: Any) -> str:
    """Style a text, if colours are on."""
    return click.style(text, **style) if colors else text


def group_start(title: str) -> str:
    """Begin a group."""
    return f"::group::{_data(title)}"


def annotation(level: str, text: str, title: str | None = None) -> str:
    """Write an ``error`` or ``warning``, one for each line that names a place in a file."""
    places = [_PLACE.match(line) for line in text.splitlines()]
    if len(places) > 1 and all(places):
        return "\n".join(annotation(level, line, title) for line in text.splitlines())
    properties = {"title": title or ""}
    if places and places[0]:
        properties |= {"file": places[0]["file"], "line": places[0]["line"]}
    named = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value)
    return f"::{level}{f' {named}' if named else ''}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
