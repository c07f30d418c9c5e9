"""Remove an accessory, and its data."""

from __future__ import annotations

from kamalpy.commands import container as _container
from kamalpy.commands import file
from kamalpy.commands.audit import Event
from kamalpy.commands.state_query import StateQuery
from kamalpy.errors import ArgumentError
from kamalpy.facts.observe import forget
from kamalpy.operations import valid
from kamalpy.operations.base import Commands, engine, noop, operation, report
from kamalpy.spec.audit import Audit


@operation()
def absent(
    service: str, data: bool = False, stop_timeout: int | None = None, audit: Audit | None = None
) -> Commands:
    """
    Ensure the container of an accessory is absent.

    + service: name of its container
    + data: remove its folder in the SSH user's home as well, and all its data with it
    + stop_timeout: seconds it has to stop; by default the image's own
    + audit: records the change in the audit log; None records nothing

    Kamal always removes the data.

    **Example:**

    .. code:: python

        accessory.absent(name="Remove search", service="blog-search")
    """
    valid.container("service", service)
    state = engine(StateQuery(services=(service,), paths=(service,)))
    existing, has_data = state.container(service) is not None, service in state.files
    if not existing and not (data and has_data):
        noop(f"{service} is not there{f', its files are: ~/{service}' if has_data else ''}")
        return
    if existing:
        event = Event.from_audit(audit, f"Removed {service} accessory")
        yield _container.remove([service], event, stop_timeout)
    if data and has_data:
        yield file.remove(service)
    elif has_data:
        report(f"its files and data stay, in ~/{service}")
    forget()


@operation()
def data_absent(service: str) -> Commands:
    """
    Ensure the files and data of an accessory are absent, once its container is stopped or gone.

    + service: name of its container

    Kamal removes the data of a running container.

    **Example:**

    .. code:: python

        accessory.data_absent(name="Forget what search has indexed", service="blog-search")
    """
    valid.container("service", service)
    state = engine(StateQuery(services=(service,), paths=(service,)))
    existing = state.container(service)
    if service not in state.files:
        noop(f"{service} has no files here")
        return
    if existing is not None and existing.is_active:
        raise ArgumentError(f"service: {service} is running; stop it before its data go")
    yield file.remove(service)
    forget()
