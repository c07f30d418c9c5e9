"""Assets of a version, kept together with those of the version before it."""

from __future__ import annotations

from kamalpy.commands import assets as _assets
from kamalpy.commands.state_query import StateQuery
from kamalpy.operations import valid
from kamalpy.operations.app.release import app_of
from kamalpy.operations.base import Commands, engine, noop, operation


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

    A browser that has a page of one version may ask the other one for its style sheet.

    **Example:**

    .. code:: python

        app.assets(
            name="Assets", service="blog", version="v2", image="acme/blog:v2",
            asset_path="/rails/public/assets",
        )
    """
    app = app_of(service, role, destination)
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
    yield _assets.extract(app, image, asset_path, version, old)
