"""The audit log that Kamal and kamalpy keep on each host."""

from __future__ import annotations

from kamalpy.commands.audit import Event, log_file
from kamalpy.operations import valid
from kamalpy.operations.base import Commands, operation


@operation(is_idempotent=False)
def record(
    service: str, text: str, performer: str, destination: str | None = None, role: str | None = None
) -> Commands:
    """
    Append a line to the audit log.

    + service: ``service`` in deploy.yml
    + text: what was done; line ends become spaces
    + performer: who did it
    + destination: for which destination
    + role: for which role

    **Example:**

    .. code:: python

        audit.record(name="Note it", service="blog", text="Restored backup", performer="ann")
    """
    valid.service(service, destination)
    for argument, value in (("text", text), ("performer", performer)):
        valid.text(argument, value)
    log = log_file(service, destination)
    yield Event(text, log, performer, destination, role).record()
