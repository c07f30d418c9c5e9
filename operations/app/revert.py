"""Taking back a release that is not committed."""

from __future__ import annotations

from kamalpy.operations.app.release import app_of, booted, container_of, event_of
from kamalpy.operations.base import Commands, noop, operation


@operation()
def revert(
    service: str,
    version: str,
    role: str = "web",
    destination: str | None = None,
    performer: str | None = None,
) -> Commands:
    """
    Route back to what served before this run, and remove the container that this run has booted.

    + service: ``service`` in deploy.yml
    + version: version to take back
    + role: name of the role
    + destination: destination, if there is one
    + performer: who does it, for the audit log; None writes none

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
    yield release.revert(event_of(app, f"Reverted app version {version}", performer))
