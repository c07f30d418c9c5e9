"""The container of a version as it should be, which needs no host to be known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kamalpy.config.logging import Logging
from kamalpy.operations import argument_types, valid
from kamalpy.operations.app.release import app_of, container_of
from kamalpy.operations.secret_files import are_files, file_variables
from kamalpy.operations.sections import arguments, log_of
from kamalpy.secrets import Secret
from kamalpy.spec.app import hostname
from kamalpy.spec.container import ContainerSpec


def spec(
    on: str,
    *,
    service: str,
    version: str,
    image: str,
    role: str = "web",
    destination: str | None = None,
    cmd: str | Sequence[str] | None = None,
    env: Mapping[str, str] | None = None,
    secrets: Mapping[str, Secret] | None = None,
    secrets_as: str = "env",
    secrets_owner: str | None = None,
    volumes: Sequence[str] = (),
    asset_path: str | None = None,
    labels: Mapping[str, str] | None = None,
    options: Mapping[str, object] | None = None,
    restart: str = "unless-stopped",
    logging: argument_types.Logging | Logging | None = None,
    network: str = "kamal",
) -> ContainerSpec:
    """Describe the container of a version on a host; the arguments are those of ``app.boot``."""
    app = app_of(service, role, destination)
    container = container_of(app, version)
    own = {
        "KAMAL_CONTAINER_NAME": container,
        "KAMAL_VERSION": version,
        "KAMAL_HOST": on,
        **({"KAMAL_DESTINATION": destination} if destination else {}),
    }
    logs = log_of(logging)
    return ContainerSpec(
        name=container,
        image=valid.image(image),
        command=arguments(cmd),
        env={**own, **file_variables(secrets_as, secrets), **valid.pairs("env", env or {})},
        secrets=secrets or {},
        env_file=app.env_file,
        secrets_as_files=are_files(secrets_as),
        secrets_owner=valid.user("secrets_owner", secrets_owner),
        volumes=(
            *(valid.text("volumes", each) for each in volumes),
            *((app.asset_volume(version, *asset_path.split(":", 1)),) if asset_path else ()),
        ),
        labels={**app.labels, **valid.pairs("labels", labels or {})},
        network=valid.container("network", network),
        hostname=hostname(on),
        restart=valid.text("restart", restart),
        log_driver=logs.driver,
        log_options={name: str(value) for name, value in logs.options.items()},
        options=valid.flags(options or {}),
    )
