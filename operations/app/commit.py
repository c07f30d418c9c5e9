"""Commit a release, after which it is never reverted; or revert it."""

from __future__ import annotations

from collections.abc import Sequence

from kamalpy.commands.app import Commit
from kamalpy.commands.audit import Event
from kamalpy.commands.state_query import StateQuery
from kamalpy.operations import valid
from kamalpy.operations.app.release import (
    add_committed,
    booted_release,
    checked_app,
    container_name,
    new_release,
)
from kamalpy.operations.base import Commands, engine, noop, operation
from kamalpy.spec.app import App
from kamalpy.spec.audit import Audit


@operation()
def commit(
    service: str,
    version: str,
    image: str,
    role: str = "web",
    destination: str | None = None,
    with_roles: Sequence[str] = (),
    record: str | None = None,
    back: bool = False,
    always: bool = False,
) -> Commands:
    """
    Commit a release that this run has booted, and record it.

    + service: ``service`` in deploy.yml
    + version: version that serves now
    + image: its image
    + role: name of the role
    + destination: destination, if there is one
    + with_roles: further roles on this host that are committed in the same moment
    + record: what this release is, for ``app.restore``, as `kamalpy.spec.record.Record` writes it
    + back: this release is one that ``app.restore`` has brought back
    + always: do it even if this run has booted nothing

    Until then the host reverts the release if the connection ends, and ``app.revert`` does so;
    afterwards neither does. Call it on all hosts before ``app.retire`` on any, so that a host
    that fails is known before old versions are removed. ``app.retire`` commits what is not
    committed yet.

    **Example:**

    .. code:: python

        app.commit(
            name="Keep v2", service="blog", version="v2", image="acme/blog:v2",
            _if=smoke_test.did_succeed,
        )
    """
    app = checked_app(service, role, destination)
    roles = [valid.container("with_roles", each) for each in with_roles]
    others = [checked_app(service, each, destination) for each in roles]
    yield from commit_release(Commit(app, version, image, record, back), others, always)


def commit_release(committed: Commit, others: Sequence[App] = (), always: bool = False) -> Commands:
    """Commit a release with those of other roles on the host, and record it."""
    container = container_name(committed.app, committed.version)
    valid.image(committed.image)
    names = [container, *(container_name(each, committed.version) for each in others)]
    pending = [release for name in dict.fromkeys(names) if (release := booted_release(name))]
    state = engine(StateQuery(services=(committed.app.service,)))
    existing = state.container(container)
    if not pending and not always and existing is not None and existing.is_running:
        noop(f"{container} is committed")
        return
    release = booted_release(container) or new_release(committed.app, container, state, False, None)
    yield release.commit(committed, [each.marker for each in pending])
    for each in pending:
        add_committed(each)


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
    + version: version to revert
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
    container = container_name(checked_app(service, role, destination), version)
    release = booted_release(container)
    if release is None:
        noop(f"this run has booted no {container}")
        return
    yield release.revert(Event.from_audit(audit, f"Reverted app version {version}", role))
