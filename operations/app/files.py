"""Files of a role: its secrets, and the assets of two versions."""

from __future__ import annotations

from kamalpy.commands.app import extract_assets
from kamalpy.commands.state_query import StateQuery
from kamalpy.operations import valid
from kamalpy.operations.app.release import checked_app
from kamalpy.operations.base import Commands, SecretValues, engine, noop, operation, secret_file
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
    app = checked_app(service, role, destination)
    yield from secret_file(f"secrets of {app.prefix}", app.env_file, secrets, are_files(secrets_as))


@operation()
def assets(
    service: str,
    version: str,
    image: str,
    asset_path: str,
    role: str = "web",
    destination: str | None = None,
    always: bool = False,
) -> Commands:
    """
    Ensure a version's assets are on the host, mixed with those of the version that runs.

    + service: ``service`` in deploy.yml
    + version: version whose image has the assets
    + image: that image, which must be there
    + asset_path: folder of the assets in the image
    + role: name of the role
    + destination: destination, if there is one
    + always: do it even if the version's assets are there

    A browser that has a page of one version may request its style sheet from the other one.

    **Example:**

    .. code:: python

        app.assets(
            name="Assets", service="blog", version="v2", image="acme/blog:v2",
            asset_path="/rails/public/assets",
        )
    """
    app = checked_app(service, role, destination)
    valid.container("version", version)
    valid.image(image)
    valid.path("asset_path", asset_path)
    folder = f"{app.assets}/volumes/{role}-{version}"
    state = engine(StateQuery(services=(service,), paths=(folder,)))
    if folder in state.files and not always:
        noop(f"assets of {app.container(version)} are there")
        return
    running = next((each for each in state.labelled(**app.labels) if each.is_running), None)
    old = running.name.removeprefix(f"{app.prefix}-") if running else None
    yield extract_assets(app, image, asset_path, version, old)
