"""``aliases`` of deploy.yml: short names for commands."""

from __future__ import annotations

import shlex
from argparse import ArgumentError, ArgumentParser
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kamalpy.cli.settings import Settings
from kamalpy.config.load import aliases
from kamalpy.errors import ConfigurationError, Problem


def known(settings: Settings, words: Sequence[str] = ()) -> Mapping[str, str]:
    """
    Read all aliases, none where nobody has written a deploy.yml.

    ``words`` follow on the command line: what they say of file and destination counts.
    """
    said = _heard(settings, words)
    said.enter_project()
    if not said.is_in_project():
        return {}
    return aliases(
        said.config_file,
        destination=said.destination,
        allow_ruby=said.ruby,
        allow_commands=said.allow_commands,
    )


def alias(name: str, settings: Settings, words: Sequence[str] = ()) -> list[str] | None:
    """Find the words that an alias stands for; None where there is no such alias."""
    found = known(settings, words).get(name)
    if found is None:
        return None
    try:
        return shlex.split(found)
    except ValueError:
        problem = Problem(
            f"{found!r} cannot be split into words",
            "close the quotes",
            f"aliases/{name}",
            settings.config_file,
        )
        raise ConfigurationError([problem]) from None


def _heard(settings: Settings, words: Sequence[str]) -> Settings:
    """Hear which file and destination are meant, wherever in the line that stands."""
    parser = ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("-c", "--config-file", "--config_file", default=settings.config_file)
    parser.add_argument("-d", "--destination", default=settings.destination)
    try:
        said, _ = parser.parse_known_args(list(words))
    except (ArgumentError, SystemExit):  # a value is missing: whoever reads all options tells it
        return settings
    return replace(settings, config_file=said.config_file, destination=said.destination)
