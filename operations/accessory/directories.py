"""Directories of an accessory, for data that outlives its container."""

from __future__ import annotations

from kamalpy.commands import file
from kamalpy.commands.state_query import StateQuery
from kamalpy.facts.observe import observe
from kamalpy.operations import valid
from kamalpy.operations.accessory.mounts import Paths, directories_of, directory_path
from kamalpy.operations.base import Commands, changed_files, operation
from kamalpy.operations.host_variables import completed_path
from kamalpy.spec.file import FileSpec


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
        for each in directories_of(directories)
    ]
    state = observe(StateQuery(paths=tuple(each.path for each in wanted)))
    if changed := changed_files(wanted, state, f"directories of {service} are there"):
        yield file.put(changed)
