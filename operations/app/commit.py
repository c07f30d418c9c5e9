"""Committing a release: from here on nobody takes it back."""

from __future__ import annotations

from collections.abc import Sequence

from kamalpy.commands.app import Memory
from kamalpy.commands.state_query import StateQuery
from kamalpy.operations import valid
from kamalpy.operations.app.release import app_of, booted, commits, container_of, release_of
from kamalpy.operations.base import Commands, engine, noop, operation


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
    Let a release stay that this run has booted, and record what it is.

    + service: ``service`` in deploy.yml
    + version: version that serves now
    + image: its image
    + role: name of the role
    + destination: destination, if there is one
    + with_roles: further roles on this host that are committed in the same moment
    + record: what this release is, for ``app.restore``, as `kamalpy.spec.record.Record` writes it
    + back: this release is one that ``app.restore`` has brought back
    + always: do it even if this run has booted nothing

    Until then the host takes the release back if the connection ends, and ``app.revert`` does so;
    from here on neither does. Call it on all hosts before ``app.retire`` on any, so that a host
    that fails is known before old versions go. ``app.retire`` commits what is not committed yet.

    **Example:**

    .. code:: python

        app.commit(
            name="Keep v2", service="blog", version="v2", image="acme/blog:v2",
            _if=smoke_test.did_succeed,
        )
    """
    app = app_of(service, role, destination)
    container = container_of(app, version)
    valid.image(image)
    others = (app_of(service, valid.container("with_roles", e), destination) for e in with_roles)
    names = dict.fromkeys((container, *(container_of(each, version) for each in others)))
    pending = [release for name in names if (release := booted(name))]
    state = engine(StateQuery(services=(service,)))
    there = state.container(container)
    if not pending and not always and there is not None and there.is_running:
        noop(f"{container} is committed")
        return
    release = booted(container) or release_of(app, container, state, False, None)
    memory = Memory(app, version, image, record, back)
    yield release.commit(memory, [each.marker for each in pending])
    for each in pending:
        commits(each)
