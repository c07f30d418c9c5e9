"""Where deploy.yml names secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kamalpy.config.configuration import Configuration

_PLACES = re.compile(
    r"""
      (?:|.*/) env (?:/tags/[^/]+)? /secret/\d+
    | (?:|.*/) registry/(?:username|password)/\d+
    | (?:|.*/) proxy/ssl/(?:certificate_pem|private_key_pem)
    | builder/secrets/\d+
    | ssh/key_data/\d+
    """,
    re.VERBOSE,
)
WITH_SECRETS = ("pre-connect", "pre-deploy", "post-deploy", "post-deploy-failed")
"""The hooks that are given all secrets there are."""


@dataclass(frozen=True, slots=True)
class Use:
    """A secret by its name in ``.kamal/secrets``, and the key that names it, with its line."""

    name: str
    key: str
    where: str

    @property
    def is_for_builds(self) -> bool:
        """Whether it is only needed where an image is built."""
        return self.key == "builder/secrets"


def uses_of(config: Configuration) -> tuple[Use, ...]:
    """List every key that names a secret, in the order of the file."""
    return tuple(_uses(config, config.document.plain(), ()))


def hooks_of(config: Configuration) -> tuple[str, ...]:
    """List the project's hooks that are given all secrets."""
    folder = config.root / config.hooks_path
    return tuple(each for each in WITH_SECRETS if (folder / each).is_file())


def _uses(config: Configuration, written: Any, path: tuple[str | int, ...]) -> Iterator[Use]:
    if isinstance(written, Mapping):
        for key, value in written.items():
            yield from _uses(config, value, (*path, str(key)))
    elif isinstance(written, Sequence) and not isinstance(written, str):
        for number, value in enumerate(written):
            yield from _uses(config, value, (*path, number))
    elif isinstance(written, str) and _PLACES.fullmatch("/".join(map(str, path))):
        name = written.partition(":")[2] or written.partition(":")[0] if "env" in path else written
        if not name.startswith("-----BEGIN"):
            key = "/".join(each for each in path if isinstance(each, str))
            yield Use(name, key, config.where(*path))
