"""Remove the proxy from a host."""

from __future__ import annotations

from collections.abc import Sequence

from pyinfra.context import host

from kamalpy.commands import container as _container
from kamalpy.commands import file
from kamalpy.commands import image as _image
from kamalpy.commands.audit import Event
from kamalpy.commands.state_query import StateQuery
from kamalpy.errors import DeployError
from kamalpy.facts.observe import forget
from kamalpy.operations import valid
from kamalpy.operations.base import Commands, engine, noop, operation
from kamalpy.operations.proxy.container import IMAGE
from kamalpy.spec.audit import Audit
from kamalpy.spec.boot_config import FOLDER
from kamalpy.spec.state import PROXY, HostState


@operation()
def absent(
    image: str = IMAGE,
    besides: Sequence[str] = (),
    force: bool = False,
    leave: bool = False,
    audit: Audit | None = None,
) -> Commands:
    """
    Ensure the proxy, its image and its files are absent; its volume with certificates stays.

    + image: the proxy's image
    + besides: apps, and services that the proxy knows, that do not count as needing it
    + force: even if an app needs it; otherwise that is refused
    + leave: do nothing where an app needs it, instead of refusing
    + audit: records the change in the audit log; None records nothing

    **Example:**

    .. code:: python

        proxy.absent(name="No proxy any more")
    """
    valid.image(image)
    state = engine(StateQuery(images=(image,), paths=(FOLDER,)))
    others = _needed_by(state, besides)
    if others and not force:
        reason = f"the proxy is needed by {', '.join(others)}"
        if not leave:
            raise DeployError(
                f"{host.name}: {reason}; remove that first, or use --force to remove the proxy "
                "anyway"
            )
        noop(reason)
        return
    existing = state.container(PROXY)
    named = (image, str(existing.config.get("Image"))) if existing else (image,)
    images = [name for name in dict.fromkeys(named) if state.image(name)]
    if not (existing or images or FOLDER in state.files):
        noop("the proxy is not there")
        return
    if existing:
        gone = Event.from_audit(audit, "Removed proxy container")
        yield _container.remove([PROXY], gone)
    if images:
        event = Event.from_audit(audit, "Removed proxy image")
        yield _image.remove(images, event)
    if FOLDER in state.files:
        yield file.remove(FOLDER)
    forget()


def _needed_by(state: HostState, besides: Sequence[str]) -> list[str]:
    """List apps on the host, and what else the proxy sends requests to."""
    routed = [name for name in state.routes if not _is_of(name, state.apps)]
    return [name for name in (*state.apps, *routed) if name not in besides]


def _is_of(route: str, apps: Sequence[str]) -> bool:
    return any(route.startswith(f"{app}-") for app in apps)
