"""The secrets of a role, in a file that its owner alone can read."""

from __future__ import annotations

from kamalpy.operations.app.release import app_of
from kamalpy.operations.base import Commands, SecretValues, operation, secret_file
from kamalpy.operations.container_section import are_files


@operation()
def env(
    service: str,
    role: str = "web",
    secrets: SecretValues | None = None,
    secrets_as: str = "env",
    destination: str | None = None,
) -> Commands:
    """
    Ensure the file of a role's secrets is present.

    + service: ``service`` in deploy.yml
    + role: name of the role
    + secrets: values by the name that the app sees
    + secrets_as: ``env``, ``files`` or ``file_variables``, as for ``app.boot``
    + destination: destination, if there is one

    Values arrive byte for byte; Kamal doubles backslashes and writes line ends as two characters.

    **Example:**

    .. code:: python

        app.env(name="Secrets", service="blog", secrets={"DATABASE_URL": HiddenValue(url)})
    """
    app = app_of(service, role, destination)
    yield from secret_file(f"secrets of {app.prefix}", app.env_file, secrets, are_files(secrets_as))
