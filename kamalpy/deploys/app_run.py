"""``app start``, ``app stop``, ``app stale_containers``, ``app maintenance``, ``app live``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy.deploys.asks import app_asks
from kamalpy.deploys.roles import RoleSteps, Upkeep
from kamalpy.deploys.verb import Verb
from kamalpy.operations import app, proxy
from kamalpy.spec.app import App

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.asked import Asking


@pyinfra_deploy("Kamal app start")
def app_start(**asking: Unpack[Asking]) -> None:
    """
    Start the version that ran last, or another one that is there, and send requests to it.

    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    verb = Verb.of("app start", asking)
    step = RoleSteps(verb.project).step(
        "Start the app", app.start, lambda role: role.start(verb.asked.version)
    )
    verb.play(lambda: [step], app_asks)


@pyinfra_deploy("Kamal app stop")
def app_stop(**asking: Unpack[Asking]) -> None:
    """
    Stop the app; requests to it get 404.

    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    verb = Verb.of("app stop", asking)
    step = RoleSteps(verb.project).step("Stop the app", app.stop, Upkeep.stop)
    verb.play(lambda: [step], app_asks)


@pyinfra_deploy("Kamal app stale_containers")
def app_stale_containers(**asking: Unpack[Asking]) -> None:
    """
    Stop versions that run beside the one that serves.

    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    verb = Verb.of("app stale_containers", asking)
    step = RoleSteps(verb.project).step("Stop old versions", app.stale, Upkeep.stale)
    verb.play(lambda: [step], app_asks)


@pyinfra_deploy("Kamal app maintenance")
def app_maintenance(
    message: str = "", drain_timeout: int | None = None, **asking: Unpack[Asking]
) -> None:
    """
    Answer requests with 503 and a message, across deploys, until ``app_live``.

    + message: what the error page says
    + drain_timeout: seconds that open requests may take; by default ``drain_timeout``
    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    verb = Verb.of("app maintenance", asking)
    seconds = verb.project.config.drain_timeout if drain_timeout is None else drain_timeout
    step = RoleSteps(verb.project).step(
        "Begin the maintenance",
        proxy.maintenance,
        lambda role: {
            "service": _in_proxy(role),
            "message": str(message),
            "drain_timeout": seconds,
        },
        proxied=True,
    )
    verb.play(lambda: [step], app_asks)


@pyinfra_deploy("Kamal app live")
def app_live(**asking: Unpack[Asking]) -> None:
    """
    End the maintenance.

    + asking: as `kamalpy.deploys.asked.Asked` has it
    """
    verb = Verb.of("app live", asking)
    step = RoleSteps(verb.project).step(
        "End the maintenance",
        proxy.live,
        lambda role: {"service": _in_proxy(role)},
        proxied=True,
    )
    verb.play(lambda: [step], app_asks)


def _in_proxy(role: Upkeep) -> str:
    return App(**role.names).prefix
