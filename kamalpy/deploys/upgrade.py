"""``upgrade``: move a server from Kamal 1 to Kamal 2."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kamalpy.deploys.accessory_steps import AccessorySteps
from kamalpy.deploys.app_steps import AppSteps
from kamalpy.deploys.deploy_command import DeployCommand, deploy_command
from kamalpy.deploys.plan import Stage, Step, call
from kamalpy.deploys.project import Project
from kamalpy.deploys.proxy import ProxySteps
from kamalpy.deploys.queries import deploy_queries
from kamalpy.deploys.versions import serving_version
from kamalpy.operations import traefik

_UNDONE = "Nothing more is upgraded"


@deploy_command("upgrade", deploy_queries, _UNDONE, accessories=True, version=serving_version)
def upgrade(command: DeployCommand, rolling: bool = False) -> Iterator[Step]:
    """
    Replace Traefik with kamal-proxy, and app and accessories into the network kamal.

    + rolling: one host after the other

    The version is by default the one that runs. If that fails, Traefik and the old containers serve
    again.
    """
    for turn in command.project.turns(command.project.config.hosts, rolling):
        yield from _turn(command, turn)
        for each in AccessorySteps.of(turn):
            yield from each.run()


@deploy_command("proxy upgrade", deploy_queries, _UNDONE, version=serving_version)
def proxy_upgrade(command: DeployCommand, rolling: bool = False) -> Iterator[Step]:
    """
    Replace Traefik with kamal-proxy, and the app into the network kamal.

    + rolling: one host after the other
    """
    for turn in command.project.turns(command.project.config.hosts, rolling):
        yield from _turn(command, turn)


def _turn(command: DeployCommand, project: Project) -> Iterator[Step]:
    """Upgrade some hosts, which do not serve between the stop of Traefik and the switch."""
    app, infrastructure = AppSteps(project, command.hooks, prune=False), ProxySteps(project)
    hosts, behind = project.play(project.config.hosts), infrastructure.proxy_hosts
    names = _names(project)
    audit, hook = project.audit(), command.hooks.step
    yield from hook("pre-proxy-reboot", Stage.PREPARE, behind) if behind else ()
    yield from infrastructure.logins(project.config.accessories)
    yield infrastructure.network()
    yield from app.prepare()
    yield infrastructure.pull()
    yield call("Stop Traefik", hosts, traefik.stopped, **names, audit=audit)
    yield infrastructure.proxy(replace=True)
    back = call("Traefik again", hosts, traefik.back, **names)
    yield from app.release(replace(back, stage=Stage.REVERT))
    forget = call("Forget Kamal 1", hosts, traefik.absent, **names, audit=audit)
    yield replace(forget, stage=Stage.RETIRE)
    yield from hook("post-proxy-reboot", Stage.PREPARE, behind) if behind else ()


def _names(project: Project) -> dict[str, Any]:
    config = project.config
    return {
        "service": config.service,
        "roles": [role.name for role in config.roles],
        "accessories": [each.service_name for each in config.accessories],
        "destination": config.destination,
    }
