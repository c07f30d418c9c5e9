"""Remove an app from a host."""

from __future__ import annotations

from kamalpy.commands import container as _container
from kamalpy.commands import file
from kamalpy.commands.audit import Event
from kamalpy.commands.state_query import StateQuery
from kamalpy.errors import ArgumentError
from kamalpy.facts.observe import forget
from kamalpy.operations.app.release import checked_app, container_name
from kamalpy.operations.app.stop import active_containers
from kamalpy.operations.base import Commands, engine, noop, operation
from kamalpy.spec.audit import Audit


@operation()
def absent(
    service: str,
    role: str = "web",
    destination: str | None = None,
    version: str | None = None,
    running: bool = False,
    stop_timeout: int | None = None,
    audit: Audit | None = None,
) -> Commands:
    """
    Ensure a role has no container, or none of one version.

    + service: ``service`` in deploy.yml
    + role: name of the role
    + destination: destination, if there is one
    + version: only this version
    + running: remove what runs as well; otherwise a version that runs is refused, and others stay
    + stop_timeout: seconds that a container has to stop; by default the image's own
    + audit: records the change in the audit log; None records nothing

    **Example:**

    .. code:: python

        app.absent(name="Remove v1", service="blog", version="v1")
    """
    app = checked_app(service, role, destination)
    state = engine(StateQuery(services=(service,)))
    existing = state.labelled(**app.labels)
    serving = [each.name for each in active_containers(app, state)]
    if version is not None:
        name = container_name(app, version)
        if name in serving and not running:
            raise ArgumentError(f"version: {name} is running; stop it, or remove another one")
        existing = [each for each in existing if each.name == name]
    names = [each.name for each in existing if running or each.name not in serving]
    if not names:
        noop(f"no container of {app.prefix} is there to be removed")
        return
    what = f"Removed app container with version {version}" if version else _ALL
    event = Event.from_audit(audit, what, role)
    yield _container.remove(names, event, stop_timeout)
    forget()


@operation()
def directories_absent(
    service: str, destination: str | None = None, audit: Audit | None = None
) -> Commands:
    """
    Ensure the files of an app are absent: secrets, assets, certificates, pages, past releases.

    + service: ``service`` in deploy.yml
    + destination: destination, if there is one
    + audit: records the change in the audit log; None records nothing

    The audit log stays.

    **Example:**

    .. code:: python

        app.directories_absent(name="Remove its files", service="blog")
    """
    app = checked_app(service, "web", destination)
    folders = (f".kamal/apps/{app.folder}", app.proxy_folder)
    state = engine(StateQuery(paths=folders))
    existing = [each for each in folders if each in state.files]
    if not existing:
        noop(f"no files of {app.folder} are there")
        return
    yield file.remove(*existing)
    if audit is not None:
        yield Event.from_audit(audit, f"Removed {folders[0]}").record()
    forget()


_ALL = "Removed all app containers"
