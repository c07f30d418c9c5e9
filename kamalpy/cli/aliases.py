"""``aliases`` of deploy.yml: short names for commands."""

from __future__ import annotations

import shlex
from argparse import ArgumentError, ArgumentParser
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kamalpy.cli.settings import Settings
from kamalpy.config.load import aliases as read_aliases
from kamalpy.errors import ConfigurationError, Problem


def aliases(settings: Settings, words: Sequence[str] = ()) -> Mapping[str, str]:
    """
    Read all aliases; there are none without a deploy.yml.

    ``words`` follow on the command line; file and destination given there count.
    """
    selected = _with_options(settings, words)
    selected.enter_project()
    if not selected.is_in_project():
        return {}
    return read_aliases(
        selected.config_file,
        destination=selected.destination,
        allow_ruby=selected.ruby,
        allow_commands=selected.allow_commands,
    )


def alias(name: str, settings: Settings, words: Sequence[str] = ()) -> list[str] | None:
    """Find the words that an alias stands for; None if there is no such alias."""
    text = aliases(settings, words).get(name)
    if text is None:
        return None
    try:
        return shlex.split(text)
    except ValueError:
        problem = Problem(
            f"{text!r} cannot be split into words",
            "close the quotes",
            f"aliases/{name}",
            settings.config_file,
        )
        raise ConfigurationError([problem]) from None


def _with_options(settings: Settings, words: Sequence[str]) -> Settings:
    """Take file and destination from anywhere in the command line."""
    parser = ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("-c", "--config-file", "--config_file", default=settings.config_file)
    parser.add_argument("-d", "--destination", default=settings.destination)
    try:
        options, _ = parser.parse_known_args(list(words))
    except (ArgumentError, SystemExit):  # a value is missing, which click reports later
        return settings
    return replace(settings, config_file=options.config_file, destination=options.destination)
