"""A container in deploy.yml's words: the keys that roles and accessories share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from kamalpy.config.extension import Place
from kamalpy.config.logging import Logging
from kamalpy.errors import ArgumentError
from kamalpy.operations import argument_types, valid
from kamalpy.operations.base import SecretValues, secrets_of
from kamalpy.operations.sections import arguments, log_section
from kamalpy.spec import secret_files
from kamalpy.spec.container import ContainerSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerSection:
    """How a container of a role or an accessory runs, independent of a host."""

    image: str
    cmd: str | Sequence[str] | None = None
    env: Mapping[str, str] | None = None
    secrets: SecretValues | None = None
    secrets_as: str = "env"
    secrets_owner: str | None = None
    volumes: Sequence[str] = ()
    labels: Mapping[str, str] | None = None
    options: Mapping[str, object] | None = None
    restart: str = "unless-stopped"
    logging: argument_types.Logging | Logging | None = None
    network: str = "kamal"

    def spec(
        self,
        name: str,
        env: Mapping[str, str],
        labels: Mapping[str, str],
        env_file: str,
        mounts: Sequence[str] = (),
        **more: Any,
    ) -> ContainerSpec:
        """Describe the container; ``env``, ``labels`` and ``mounts`` are kamalpy's own."""
        logs, secrets = log_section(self.logging), secrets_of(self.secrets)
        as_files = are_files(self.secrets_as)
        files = secret_files.variables(secrets) if self.secrets_as == "file_variables" else {}
        return ContainerSpec(
            name=name,
            image=valid.image(self.image),
            command=arguments(self.cmd),
            env={**env, **files, **valid.pairs("env", self.env or {})},
            secrets=secrets,
            env_file=env_file,
            secrets_as_files=as_files,
            secrets_owner=valid.user("secrets_owner", self.secrets_owner),
            volumes=(*(valid.text("volumes", each) for each in self.volumes), *mounts),
            labels={**labels, **valid.pairs("labels", self.labels or {})},
            network=valid.container("network", self.network),
            restart=valid.text("restart", self.restart),
            log_driver=logs.driver,
            log_options={name: str(value) for name, value in logs.options.items()},
            options=valid.flags(self.options or {}),
            **more,
        )


def are_files(secrets_as: str) -> bool:
    """Return whether secrets become files."""
    if secrets_as not in get_args(Place):
        places = ", ".join(get_args(Place))
        raise ArgumentError(f"secrets_as: {secrets_as!r} is no place for secrets; use {places}")
    return secrets_as != "env"
