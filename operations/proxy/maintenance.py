"""Maintenance mode of a service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kamalpy.commands.base import proxy as _proxy
from kamalpy.commands.base import quoted
from kamalpy.commands.state_query import StateQuery
from kamalpy.facts.observe import forget
from kamalpy.operations import valid
from kamalpy.operations.base import Commands, engine, noop, operation
from kamalpy.spec.state import HostState


@operation()
def maintenance(service: str, message: str = "", drain_timeout: int = 30) -> Commands:
    """
    Answer a service's requests with 503 and a message, across deploys, until ``proxy.live``.

    + service: name that the proxy knows the service by
    + message: text of the error page
    + drain_timeout: seconds that open requests may take

    **Example:**

    .. code:: python

        proxy.maintenance(name="Close the shop", service="shop-web", message="Back at noon")
    """
    valid.container("service", service)
    valid.text("message", message)
    pause = _pause(engine(StateQuery()), service)
    if (pause.get("state"), pause.get("stop_message")) == (_STOPPED, message):
        noop(f"{service} is in maintenance")
        return
    yield _proxy(
        "stop",
        quoted(service),
        f"--drain-timeout={int(drain_timeout)}s",
        "--message",
        quoted(message),
    )
    forget()


@operation()
def live(service: str) -> Commands:
    """
    End the maintenance of a service.

    + service: name that the proxy knows the service by

    **Example:**

    .. code:: python

        proxy.live(name="Open the shop", service="shop-web")
    """
    valid.container("service", service)
    if _pause(engine(StateQuery()), service).get("state") == _RUNNING:
        noop(f"{service} is live")
        return
    yield _proxy("resume", quoted(service))
    forget()


_RUNNING, _PAUSED, _STOPPED = range(3)  # as the proxy's state file counts them


def _pause(state: HostState, service: str) -> Mapping[str, Any]:
    return (state.routes.get(service) or {}).get("pause_controller") or {}
