"""Files of an accessory: its directories, its files from this machine, its secrets."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kamalpy.commands import file
from kamalpy.commands.state_query import StateQuery
from kamalpy.config import templates
from kamalpy.config.accessory_paths import (
    AccessoryDirectory,
    AccessoryFile,
    AccessoryPath,
    PathSection,
)
from kamalpy.errors import ArgumentError
from kamalpy.facts.observe import observe
from kamalpy.operations import valid
from kamalpy.operations.base import (
    Commands,
    SecretValues,
    changed_files,
    operation,
    secret_file,
    secrets_of,
)
from kamalpy.operations.container_section import are_files
from kamalpy.operations.host_variables import completed_path
from kamalpy.operations.sections import section
from kamalpy.spec.file import FileSpec

Paths = Sequence[str | Mapping[str, Any] | AccessoryPath]


@operation()
def directories(service: str, directories: Paths) -> Commands:
    """
    Ensure the directories of an accessory exist.

    + service: name of the accessory's container
    + directories: ``local:remote[:options]``, or mappings with ``mode`` and ``owner`` as well

    A relative ``local`` is below ``<service>/`` in the SSH user's home, as Kamal has it.

    **Example:**

    .. code:: python

        accessory.directories(
            name="Postgres' data",
            service="blog-postgres",
            directories=["data:/var/lib/postgresql/data"],
        )
    """
    valid.container("service", service)
    wanted = [
        FileSpec(
            path=completed_path("directories", directory_path(service, each)),
            mode=valid.mode("directories", each.mode),
            owner=each.owner,
        )
        for each in directory_sections(directories)
    ]
    state = observe(StateQuery(paths=tuple(each.path for each in wanted)))
    if changed := changed_files(wanted, state, f"directories of {service} are there"):
        yield file.put(changed)


@operation()
def files(
    service: str,
    files: Paths,
    env: Mapping[str, str] | None = None,
    secrets: SecretValues | None = None,
    root: str | None = None,
    environ: Mapping[str, str] | None = None,
) -> Commands:
    """
    Ensure the files of an accessory are present.

    + service: name of the accessory's container
    + files: ``local:remote[:options]``, or mappings with ``mode`` and ``owner`` as well
    + env: clear variables of the accessory, for templates
    + secrets: secret variables of the accessory, for templates
    + root: folder that ``local`` is relative to; the working directory by default
    + environ: environment that templates see; by default that of this process

    A ``local`` that ends in ``.erb`` or ``.j2`` is rendered. On the host a file is in the folder
    ``<service>/`` of the SSH user's home, its mode 755 by default, as Kamal has it.

    **Example:**

    .. code:: python

        accessory.files(
            name="MySQL's settings",
            service="blog-mysql",
            files=["config/my.cnf:/etc/mysql/my.cnf"],
        )
    """
    valid.container("service", service)
    revealed = {name: secret.reveal() for name, secret in secrets_of(secrets).items()}
    values = {**(os.environ if environ is None else environ), **(env or {}), **revealed}
    wanted = [
        FileSpec(
            path=completed_path("files", file_path(service, each)),
            content=_content(Path(root or "."), each, values),
            mode=valid.mode("files", each.mode),
            owner=each.owner,
            secret=_is_template(each) and bool(revealed),
        )
        for each in file_sections(files)
    ]
    state = observe(StateQuery(paths=tuple(each.path for each in wanted)))
    if changed := changed_files(wanted, state, f"files of {service} are there"):
        yield file.put(changed)


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


def directory_sections(directories: Paths) -> tuple[AccessoryDirectory, ...]:
    """Read ``directories`` as deploy.yml has them."""
    read = (_read("directories", each) for each in directories)
    return tuple(each.directory() if isinstance(each, PathSection) else each for each in read)


def file_sections(files: Paths) -> tuple[AccessoryFile, ...]:
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


def mount_words(service: str, files: Paths, directories: Paths) -> tuple[str, ...]:
    """Spell the mounts, files first as Kamal does."""
    mounts: list[tuple[str, AccessoryPath]] = [
        (file_path(service, each), each) for each in file_sections(files)
    ]
    mounts += [(directory_path(service, each), each) for each in directory_sections(directories)]
    return tuple(
        ":".join(filter(None, (path, valid.path("mount", each.remote), each.options)))
        for path, each in mounts
    )


def _read(argument: str, path: str | Mapping[str, Any] | AccessoryPath) -> Any:
    if isinstance(path, AccessoryPath):
        return path
    return section(PathSection, argument, path)


def _is_template(each: AccessoryFile) -> bool:
    return each.local.endswith(("erb", ".j2"))


def _content(root: Path, each: AccessoryFile, values: Mapping[str, str]) -> bytes:
    path = root / each.local
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ArgumentError(f"files: cannot read {path} ({error.strerror}); is it there?") from None
    if not _is_template(each):
        return content
    text = templates.render_accessory(content.decode(), file=each.local, values=values, root=root)
    return text.encode()
