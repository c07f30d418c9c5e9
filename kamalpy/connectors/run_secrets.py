"""The secrets of a deploy.yml, evaluated once in a run, and shown by nobody from then on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from kamalpy._pyinfra import kept, masks
from kamalpy.config import Configuration
from kamalpy.errors import SecretError
from kamalpy.secrets import Secrets


@dataclass(slots=True)
class _Vault:
    by_file: dict[tuple[str, str | None, str], Secrets] = field(default_factory=dict)


def secrets_of(config: Configuration) -> Secrets:
    """Find a configuration's secrets, with the environment that its templates have left."""
    vault, key = kept(_Vault).by_file, (config.file, config.destination, str(config.root))
    if key not in vault:
        masks().exclude(_open_words(config))
        vault[key] = Secrets(
            config.secrets_path,
            destination=config.destination,
            root=config.root,
            environ=config.environ,
            heard=masks().add,
        )
    return vault[key]


def mask_static(config: Configuration) -> None:
    """Let nobody show what can be told to be a secret without running any command for it."""
    with suppress(SecretError):  # those who need a value are told what is wrong with the files
        for name, value in secrets_of(config).at_hand().items():
            masks().add(name, value)


def _open_words(config: Configuration) -> Iterator[str]:
    """List names that are no secrets, even if some secret has the same text."""
    images = [config.image, *(each.image for each in config.accessories)]
    accessories = [name for each in config.accessories for name in (each.name, each.service_name)]
    names = [config.service, *(role.name for role in config.roles), *accessories, *config.hosts]
    for text in (*images, *names, config.registry.server or "", config.destination or ""):
        yield text
        yield from re.split(r"[^A-Za-z0-9_]+", text)
