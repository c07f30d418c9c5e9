"""The secrets of a deploy.yml, evaluated once in a run and masked in all output from then on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from kamalpy._pyinfra import masks, run_object
from kamalpy.config import Configuration
from kamalpy.errors import SecretError
from kamalpy.secrets import Secrets


@dataclass(slots=True)
class _RunSecrets:
    by_file: dict[tuple[str, str | None, str], Secrets] = field(default_factory=dict)


def secrets_of(config: Configuration) -> Secrets:
    """Return a configuration's secrets, evaluated with the environment its templates left."""
    by_file, key = (
        run_object(_RunSecrets).by_file,
        (config.file, config.destination, str(config.root)),
    )
    if key not in by_file:
        masks().exclude(_open_words(config))
        by_file[key] = Secrets(
            config.secrets_path,
            destination=config.destination,
            root=config.root,
            environ=config.environ,
            on_value=masks().add,
        )
    return by_file[key]


def mask_static(config: Configuration) -> None:
    """Mask the secrets whose values are known without running a command."""
    with suppress(SecretError):  # reported where a value is needed
        for name, value in secrets_of(config).static_values().items():
            masks().add(name, value)


def _open_words(config: Configuration) -> Iterator[str]:
    """List words of deploy.yml, which are shown even if a secret has the same value."""
    images = [config.image, *(each.image for each in config.accessories)]
    accessories = [name for each in config.accessories for name in (each.name, each.service_name)]
    names = [config.service, *(role.name for role in config.roles), *accessories, *config.hosts]
    for text in (*images, *names, config.registry.server or "", config.destination or ""):
        yield text
        yield from re.split(r"[^A-Za-z0-9_]+", text)
