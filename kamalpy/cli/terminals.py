"""What a terminal can show."""

from __future__ import annotations

import os
from typing import Any, TextIO

import click

from kamalpy.cli.settings import Settings


def has_colors(stream: TextIO, settings: Settings) -> bool:
    """Return whether to write colours to a stream."""
    return stream.isatty() and not settings.no_color and not is_plain()


def is_plain() -> bool:
    """Return whether the environment asks for plain text."""
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
    """Give a text its colour, or leave it."""
    return click.style(text, **style) if colors else text
