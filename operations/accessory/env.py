"""The secrets of an accessory, in a file that its owner alone can read."""

from __future__ import annotations

from kamalpy.operations import valid
from kamalpy.operations.base import Commands, SecretValues, operation, secret_file
from kamalpy.operations.container_section import are_files


@operation()
def env(
    service: str,
    secrets: SecretValues | None = None,
    env_file: str | None = None,
    secrets_as: str = "env",
) -> Commands:
    """
    Ensure the file of an accessory's secrets is present.

    + service: name of the accessory's container
    + secrets: values by the name that the accessory sees
    + env_file: where it is on the host; ``.kamal/apps/<service>/env/accessories/<service>.env`` by
      default
    + secrets_as: ``env``, ``files`` or ``file_variables``, as for ``accessory.container``

    **Example:**

    .. code:: python

        accessory.env(
            name="Postgres' password",
            service="blog-postgres",
            secrets={"POSTGRES_PASSWORD": HiddenValue(password)},
        )
    """
    valid.container("service", service)
    path = env_file or default_env_file(service)
    yield from secret_file(f"secrets of {service}", path, secrets, are_files(secrets_as))


def default_env_file(service: str) -> str:
    """Name the file of an accessory that belongs to no app."""
    return f".kamal/apps/{service}/env/accessories/{service}.env"
