"""The container of an accessory as it should be, which needs no host to be known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kamalpy.operations import valid
from kamalpy.operations.accessory.env import default_env_file
from kamalpy.operations.accessory.mounts import Paths, volumes_of
from kamalpy.operations.argument_types import Logging
from kamalpy.operations.secret_files import are_files, file_variables
from kamalpy.operations.sections import arguments, log_of
from kamalpy.secrets import Secret
from kamalpy.spec.container import ContainerSpec


def spec(
    on: str,
    *,
    service: str,
    image: str,
    cmd: str | Sequence[str] | None = None,
    port: str | None = None,
    env: Mapping[str, str] | None = None,
    secrets: Mapping[str, Secret] | None = None,
    secrets_as: str = "env",
    secrets_owner: str | None = None,
    env_file: str | None = None,
    files: Paths = (),
    directories: Paths = (),
    volumes: Sequence[str] = (),
    labels: Mapping[str, str] | None = None,
    options: Mapping[str, object] | None = None,
    restart: str = "unless-stopped",
    logging: Logging | None = None,
    network: str = "kamal",
) -> ContainerSpec:
    """Describe an accessory on a host; the arguments are those of ``accessory.container``."""
    logs = log_of(logging)
    return ContainerSpec(
        name=valid.container("service", service),
        image=valid.image(image),
        command=arguments(cmd),
        env={
            "KAMAL_HOST": on,
            **file_variables(secrets_as, secrets),
            **valid.pairs("env", env or {}),
        },
        secrets=secrets or {},
        env_file=valid.path("env_file", env_file or default_env_file(service)),
        secrets_as_files=are_files(secrets_as),
        secrets_owner=valid.user("secrets_owner", secrets_owner),
        volumes=(
            *(valid.text("volumes", each) for each in volumes),
            *volumes_of(service, files, directories),
        ),
        ports=(valid.text("port", port if ":" in port else f"{port}:{port}"),) if port else (),
        labels={"service": service, **valid.pairs("labels", labels or {})},
        network=valid.container("network", network),
        restart=valid.text("restart", restart),
        log_driver=logs.driver,
        log_options={name: str(value) for name, value in logs.options.items()},
        options=valid.flags(options or {}),
    )
