"""The container of an accessory as it should be, which needs no host to be known."""

from __future__ import annotations

from kamalpy.operations import valid
from kamalpy.operations.accessory.env import default_env_file
from kamalpy.operations.accessory.mounts import Paths, volumes_of
from kamalpy.operations.container_section import ContainerSection
from kamalpy.spec.container import ContainerSpec


def accessory_spec(
    service: str,
    on: str,
    section: ContainerSection,
    port: str | None = None,
    env_file: str | None = None,
    files: Paths = (),
    directories: Paths = (),
) -> ContainerSpec:
    """Describe an accessory on a host; the arguments are those of ``accessory.container``."""
    published = (valid.text("port", port if ":" in port else f"{port}:{port}"),) if port else ()
    return section.spec(
        valid.container("service", service),
        {"KAMAL_HOST": on},
        {"service": service},
        valid.path("env_file", env_file or default_env_file(service)),
        volumes_of(service, files, directories),
        ports=published,
    )
