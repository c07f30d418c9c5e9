"""Removing an accessory."""

from __future__ import annotations

from kamalpy.commands import container as _container
from kamalpy.commands import file
from kamalpy.commands.audit import Event
from kamalpy.commands.host import Host
from kamalpy.facts.observe import forget
from kamalpy.operations import valid
from kamalpy.operations.base import Commands, engine, noop, operation


@operation()
def absent(service: str, data: bool = False) -> Commands:
    """
    Have no container of an accessory.

    + service: name of its container
    + data: remove its folder in the SSH user's home as well, and all its data with it

    Kamal removes the data always.

    **Example:**

    .. code:: python

        accessory.absent(name="Remove search", service="blog-search")
    """
    valid.container("service", service)
    state = engine(Host(services=(service,), paths=(service,)))
    there, kept = state.container(service) is not None, service in state.files
    if not there and not (data and kept):
        noop(f"{service} is not there")
        return
    if there:
        yield _container.remove([service], Event(""))
    if data and kept:
        yield file.remove(service)
    forget()
