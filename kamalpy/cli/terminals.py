"""What the terminal can show."""

from __future__ import annotations

import os
from typing import Any, TextIO

import click

from kamalpy.cli.settings import Settings


def has_colors(stream: TextIO, settings: Settings) -> bool:
    """Tell whether colours are welcome there."""
    return stream.isatty() and not settings.no_color and not is_plain()


def is_plain() -> bool:
    """Tell whether the environment wants no colours."""
    return bool(os.environ.get("NO_COLOR")) or is_dumb()


def is_live(stream: TextIO, settings: Settings) -> bool:
    """Tell whether a line may be written and taken back there."""
    return stream.isatty() and not is_dumb() and not settings.quiet and not in_actions()


def is_dumb() -> bool:
    """Tell whether the terminal does nothing but print."""
    return os.environ.get("TERM") == "dumb"


def in_actions() -> bool:
    """Tell whether GitHub Actions reads what is written."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def styled(text: str, colors: bool, **style: Any) -> str:
    """Give a text its colour, or leave it."""
    return click.style(text, **style) if colors else text
