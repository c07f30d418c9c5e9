"""The container of a version as it should be, which needs no host to be known."""

from __future__ import annotations

from kamalpy.operations.app.release import container_of
from kamalpy.operations.container_section import ContainerSection
from kamalpy.spec.app import App, hostname
from kamalpy.spec.container import ContainerSpec


def role_spec(
    app: App, version: str, on: str, section: ContainerSection, asset_path: str | None = None
) -> ContainerSpec:
    """Describe the container of a version on a host."""
    container = container_of(app, version)
    env = {"KAMAL_CONTAINER_NAME": container, "KAMAL_VERSION": version, "KAMAL_HOST": on}
    if app.destination:
        env["KAMAL_DESTINATION"] = app.destination
    mounts = [app.asset_volume(version, *asset_path.split(":", 1))] if asset_path else []
    return section.spec(container, env, app.labels, app.env_file, mounts, hostname=hostname(on))
