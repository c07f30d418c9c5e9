"""``app start``, ``app stop``, ``app stale_containers``, ``app maintenance``, ``app live``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyinfra.api.deploy import deploy as pyinfra_deploy

from kamalpy.deploys.deploy_command import DeployCommand
from kamalpy.deploys.queries import app_queries
from kamalpy.deploys.roles import RoleMaintenance, RoleSteps
from kamalpy.operations import app, proxy
from kamalpy.spec.app import App

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from kamalpy.deploys.options import DeployArguments


@pyinfra_deploy("Kamal app start")
def app_start(**options: Unpack[DeployArguments]) -> None:
    """
    Start the version that ran last, or another one that is there, and send requests to it.

    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    command = DeployCommand.of("app start", options)
    step = RoleSteps(command.project).step(
        "Start the app", app.start, lambda role: role.start(command.options.version)
    )
    command.run(lambda: [step], app_queries)


@pyinfra_deploy("Kamal app stop")
def app_stop(**options: Unpack[DeployArguments]) -> None:
    """
    Stop the app; requests to it get 404.

    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    command = DeployCommand.of("app stop", options)
    step = RoleSteps(command.project).step("Stop the app", app.stop, RoleMaintenance.stop)
    command.run(lambda: [step], app_queries)


@pyinfra_deploy("Kamal app stale_containers")
def app_stale_containers(**options: Unpack[DeployArguments]) -> None:
    """
    Stop versions that run beside the one that serves.

    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    command = DeployCommand.of("app stale_containers", options)
    step = RoleSteps(command.project).step("Stop old versions", app.stale, RoleMaintenance.stale)
    command.run(lambda: [step], app_queries)


@pyinfra_deploy("Kamal app maintenance")
def app_maintenance(
    message: str = "", drain_timeout: int | None = None, **options: Unpack[DeployArguments]
) -> None:
    """
    Answer requests with 503 and a message, across deploys, until ``app_live``.

    + message: what the error page says
    + drain_timeout: seconds that open requests may take; by default ``drain_timeout``
    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    command = DeployCommand.of("app maintenance", options)
    seconds = command.project.config.drain_timeout if drain_timeout is None else drain_timeout
    step = RoleSteps(command.project).step(
        "Begin the maintenance",
        proxy.maintenance,
        lambda role: {
            "service": _in_proxy(role),
            "message": str(message),
            "drain_timeout": seconds,
        },
        proxied=True,
    )
    command.run(lambda: [step], app_queries)


@pyinfra_deploy("Kamal app live")
def app_live(**options: Unpack[DeployArguments]) -> None:
    """
    End the maintenance.

    + options: see `kamalpy.deploys.options.DeployOptions`
    """
    command = DeployCommand.of("app live", options)
    step = RoleSteps(command.project).step(
        "End the maintenance",
        proxy.live,
        lambda role: {"service": _in_proxy(role)},
        proxied=True,
    )
    command.run(lambda: [step], app_queries)


def _in_proxy(role: RoleMaintenance) -> str:
    return App(**role.names).prefix
