"""Directories and files of an accessory: where they are on the host, and where in the container."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kamalpy.config.accessory_paths import (
    AccessoryDirectory,
    AccessoryFile,
    AccessoryPath,
    PathSection,
)
from kamalpy.operations import valid
from kamalpy.operations.sections import section

Paths = Sequence[str | Mapping[str, Any] | AccessoryPath]


def directories_of(directories: Paths) -> tuple[AccessoryDirectory, ...]:
    """Read ``directories`` as deploy.yml has them."""
    read = (_read("directories", each) for each in directories)
    return tuple(each.directory() if isinstance(each, PathSection) else each for each in read)


def files_of(files: Paths) -> tuple[AccessoryFile, ...]:
    """Read ``files`` as deploy.yml has them."""
    read = (_read("files", each) for each in files)
    return tuple(each.file() if isinstance(each, PathSection) else each for each in read)


def directory_path(service: str, directory: AccessoryDirectory) -> str:
    """Name a directory on the host: as it is if absolute, else in the accessory's own folder."""
    local = valid.path("directories", directory.local)
    return local if local.startswith("/") else f"{service}/{local}"


def file_path(service: str, file: AccessoryFile) -> str:
    """Name a file on the host: the container's path, in the accessory's own folder."""
    remote = valid.path("files", file.remote)
    return f"{service}/{remote.lstrip('/')}"


def volumes_of(service: str, files: Paths, directories: Paths) -> tuple[str, ...]:
    """Spell the mounts, files first as Kamal does."""
    mounts: list[tuple[str, AccessoryPath]] = [
        (file_path(service, each), each) for each in files_of(files)
    ]
    mounts += [(directory_path(service, each), each) for each in directories_of(directories)]
    return tuple(
        ":".join(filter(None, (path, valid.path("mount", each.remote), each.options)))
        for path, each in mounts
    )


def _read(argument: str, path: str | Mapping[str, Any] | AccessoryPath) -> Any:
    if isinstance(path, AccessoryPath):
        return path
    return section(PathSection, argument, path)
