"""Taking back a release that is not committed."""

from __future__ import annotations

from kamalpy.commands.audit import Event
from kamalpy.operations.app.release import app_of, booted, container_of
from kamalpy.operations.base import Commands, noop, operation
from kamalpy.spec.audit import Audit


@operation()
def revert(
    service: str,
    version: str,
    role: str = "web",
    destination: str | None = None,
    audit: Audit | None = None,
) -> Commands:
    """
    Route back to what served before this run, and remove the container that this run has booted.

    + service: ``service`` in deploy.yml
    + version: version to take back
    + role: name of the role
    + destination: destination, if there is one
    + audit: records the change in the audit log; None records nothing

    What ``app.commit`` has committed stays.

    **Example:**

    .. code:: python

        from pyinfra.operations.server import shell

        smoke_test = shell(
            name="Ask v2",
            commands=["curl --fail https://blog.example.com/up"],
            _ignore_errors=True,
        )
        app.revert(name="Back to v1", service="blog", version="v2", _if=smoke_test.did_error)
    """
    app = app_of(service, role, destination)
    container = container_of(app, version)
    release = booted(container)
    if release is None:
        noop(f"this run has booted no {container}")
        return
    yield release.revert(Event.from_audit(audit, f"Reverted app version {version}", role))
